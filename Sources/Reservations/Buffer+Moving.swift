public import Fences
public import Kernel
internal import Machine

extension Buffer {
  /// Gives the buffer another resource, while a device still copies from the old one
  /// (`ttm_bo_move_to_ghost` with `ttm_bo_move_accel_cleanup`).
  ///
  /// The old resource goes to a *ghost*: a buffer that nobody knows, whose last reference is given
  /// back at once, so that the ordinary end of a buffer keeps the resource until the copy is over.
  ///
  /// - Parameters:
  ///   - resource: Where the content goes.
  ///   - copy: Signaled when the content has arrived. Everybody waits for it from now on.
  /// - Precondition: The caller holds the reservation's lock and has reserved a slot.
  /// - Throws: `noMemory`; then nothing has changed.
  public func move(to resource: UInt64, after copy: Fence) throws(Errno) {
    reservation.assertHeld()
    let ghost = Buffer.make(memory: storage.record.memory.value)
    let isAlone = ghost.ownReservation.tryLock()
    Machine.expect(isAlone, "nobody knows a ghost")
    do throws(Errno) {
      try ghost.ownReservation.reserve(1)
    } catch {
      ghost.ownReservation.unlock()
      ghost.put()
      throw error
    }
    ghost.storage.record.resource.value = storage.record.resource.value
    ghost.storage.record.original.value = get()
    storage.record.resource.value = resource
    ghost.ownReservation.add(copy, .kernel)
    ghost.ownReservation.unlock()
    reservation.add(copy, .kernel)
    ghost.put()
  }

  /// The resource that the buffer occupies, for the holder of the lock.
  public var resource: UInt64 { storage.record.resource.value }
}
