internal import Fences
internal import Kernel
internal import Machine

// What becomes of a buffer whose last reference is gone while devices may still work on it: it
// lives on as a dying buffer that only its fences keep, and a worker ends it (delayed delete).

extension Buffer {
  /// The last reference is gone (`ttm_bo_release`).
  func die() {
    let own = ownReservation
    if reservation != own { takeFencesAlong() }
    guard own.isSignaled(upTo: .bookkeep), own.tryLock() else { return dieLater() }
    freeResource()
    own.unlock()
    end()
  }

  /// Leaves a reservation that other buffers use, with a copy of its fences
  /// (`ttm_bo_individualize_resv`).
  ///
  /// The other reservation's lock is not taken: whoever gives a buffer back may hold it.
  private func takeFencesAlong() {
    let own = ownReservation
    let isAlone = own.tryLock()
    Machine.expect(isAlone, "nobody locks the own reservation of a buffer that shares one")
    do throws(Errno) {
      try own.copyFences(from: reservation)
    } catch {
      // Without memory for the copy the fences are waited for here; who has none cannot be choosy.
      _ = try? reservation.wait(
        upTo: .bookkeep, timeout: Jiffies(Limits.destructionWaitMilliseconds))
    }
    own.unlock()
    storage.record.reservation.value = own
  }

  /// Lets a worker end the buffer once its fences are signaled.
  private func dieLater() {
    // Nobody may wait for the fences before the worker does, so signaling is asked for here.
    ownReservation.forEachFence(upTo: .bookkeep) { fence, _, _ in
      fence.enableSignaling()
      return true
    }
    storage.record.references.initialise()
    WorkQueue.system.schedule(BufferStorage.reaper.field(of: storage))
  }

  /// The worker's part (`ttm_bo_delayed_delete`).
  func finishDying() {
    let own = ownReservation
    if reservation != own { takeFencesAlong() }
    // Uninterruptible and without end, so nothing can go wrong but a driver's own wait.
    _ = try? own.wait(upTo: .bookkeep)
    _ = try? own.lock()
    freeResource()
    own.unlock()
    if storage.record.references.put() { end() }
  }

  /// Tells the memory that the resource is free, with the lock held.
  private func freeResource() {
    let resource = storage.record.resource.value
    storage.record.resource.value = 0
    guard resource != 0, let memory = storage.record.memory.value else { return }
    memory.record.free(resource)
  }

  private func end() {
    let original = storage.record.original.value
    ownReservation.finish()
    Machine.free(storage)
    original?.put()
  }
}
