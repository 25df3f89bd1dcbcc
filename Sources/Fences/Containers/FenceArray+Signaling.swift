internal import Kernel
internal import Machine

extension FenceArray {
  static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "dma_fence_array" }, timelineName: { _ in "unbound" },
      enableSignaling: { FenceArray(machineAddress: $0.machineAddress).enable() },
      isSignaled: { FenceArray(machineAddress: $0.machineAddress).isOver() },
      release: { FenceArray(machineAddress: $0.machineAddress).release() },
      setDeadline: { fence, deadline in
        FenceArray(machineAddress: fence.machineAddress).forEachChild {
          $0.record.fence.setDeadline(deadline)
        }
      }))

  // MARK: - What the array's fence does

  /// Adds a callback to each child, with the array's lock held.
  private func enable() -> Bool {
    var isPending = true
    forEachChild { child in
      guard isPending else { return }
      fence.get()
      do throws(Errno) {
        try child.record.fence.addCallback(
          FenceArrayChild.callback.field(of: child), Self.childIsSignaled)
      } catch {
        // Its lock, taken once, orders the error and what was written before it was signaled.
        child.record.fence.withLock { note(child.record.fence.error) }
        // Not the last one: whoever enables signaling has one too.
        fence.put()
        isPending = !countDown()
      }
    }
    if !isPending { closeErrors() }
    return isPending
  }

  /// Whether enough children are signaled; polls them only while nobody waits for callbacks.
  private func isOver() -> Bool {
    // acquire[array.pending] ← full in FenceArray.countDown(). The flag is read afterwards, so
    // a number that an enabling caller has lowered is never taken for the number of all children.
    let count = storage.record.pending.load(.acquire, edge: "array.pending")
    var pending = Int32(bitPattern: count)
    // relaxed: ordered behind the load above.
    if fence.storage.record.flags.test(.signalingEnabled, .relaxed) {
      guard pending <= 0 else { return false }
      closeErrors()
      return true
    }
    // Only a child can end it: an array of none is not over before somebody waits for it.
    var hasEnded = false
    forEachChild { child in
      guard !hasEnded, child.record.fence.isSignaled() else { return }
      pending -= 1
      hasEnded = pending == 0
    }
    guard hasEnded else { return false }
    closeErrors()
    return true
  }

  private func release() {
    freeChildren { $0.put() }
    RCU.free(storage)
  }

  // MARK: - What a child's signal does

  /// Runs with the child's lock held, so the array's is out of reach.
  private static let childIsSignaled = FenceCallback.Function { fence, callback in
    let array = FenceArrayChild.callback.record(around: callback).record.array
    array.note(fence.error)
    if array.countDown() { array.storage.record.work.queue() } else { array.fence.put() }
  }

  /// Signals the array, from an interrupt of this CPU, with no lock held.
  static func finish(_ work: Object<IRQWork>) {
    let record = FenceArrayStorage.work.record(around: work)
    let array = FenceArray(machineAddress: record.machineAddress)
    array.closeErrors()
    array.fence.signal()
    array.fence.put()
  }

  /// Counts one child; true for the one that ends the array.
  private func countDown() -> Bool {
    // full[array.pending] → acquire in FenceArray.isOver(). As atomic_dec_and_test is: the last one
    // sees what the others noted.
    storage.record.pending.fetchSubtract(1, .full, edge: "array.pending") == 1
  }

  // MARK: - The first error

  /// The error that counts, or nil; stable once the array is signaled.
  var firstError: Errno? {
    // relaxed: never changes once the array is signaled; whoever knows that is ordered by it.
    let mark = storage.record.errorMark.load(.relaxed)
    return mark < 0 ? Errno(kernelValue: mark) : nil
  }

  /// Keeps a child's error if it is the first.
  private func note(_ error: Errno?) {
    guard let error else { return }
    // full[array.error] ↔ full in FenceArray.closeErrors(). As the kernel's cmpxchg is: of several
    // errors one finds the mark.
    _ = storage.record.errorMark.compareExchange(
      FenceArrayStorage.noErrorYet, with: error.kernelValue, .full, edge: "array.error")
  }

  /// Lets no later error count.
  private func closeErrors() {
    // full[array.error] ↔ full in FenceArray.note(_:). An error comes first or not at all, so that
    // it does not change once the array is signaled.
    _ = storage.record.errorMark.compareExchange(
      FenceArrayStorage.noErrorYet, with: 0, .full, edge: "array.error")
  }
}
