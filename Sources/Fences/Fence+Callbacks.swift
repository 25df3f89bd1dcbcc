public import Kernel
public import Machine

extension Fence {
  /// Has a callback run when the fence is signaled (`dma_fence_add_callback`).
  ///
  /// It never asks the driver whether the work is over, but it enables signaling, which can signal
  /// the fence. Callbacks run in the order in which they were added.
  ///
  /// - Parameters:
  ///   - callback: On no fence now. Its record and a reference to the fence must stay until it has
  ///     run or was removed.
  ///   - function: What runs, with the fence's lock held and interrupts off.
  /// - Throws: `noEntry` if the fence is signaled already; then nothing runs, and removing the
  ///   callback is legal and answers false.
  @inlinable
  public func addCallback(
    _ callback: Object<FenceCallback>, _ function: FenceCallback.Function
  ) throws(Errno) {
    try addCallback(callback, function: function.word)
  }

  /// Like ``addCallback(_:_:)-(_,FenceCallback.Function)`` with a closure made for this one use,
  /// which costs an allocation.
  public func addCallback(
    _ callback: Object<FenceCallback>, _ body: @escaping FenceCallback.Body
  ) throws(Errno) {
    let function = FenceCallback.word(forOneUseOf: body)
    do throws(Errno) {
      try addCallback(callback, function: function)
    } catch {
      FenceCallback.discard(function)
      throw error
    }
  }

  /// Takes a callback back (`dma_fence_remove_callback`).
  ///
  /// - Returns: true if it had not run and never will; false if it has run *to its end*, or was
  ///   never on the fence. That holds because callbacks run under the lock taken here.
  /// - Precondition: The callback was once given to `addCallback`.
  @inlinable
  @discardableResult public func removeCallback(_ callback: Object<FenceCallback>) -> Bool {
    let lock = self.lock
    lock.record.lockIRQSave()
    let wasQueued = !callback.record.node.isAlone
    if wasQueued { unlink(callback) }
    lock.record.unlockIRQRestore()
    return wasQueued
  }

  @inlinable
  func addCallback(_ callback: Object<FenceCallback>, function: UInt) throws(Errno) {
    // relaxed: a shortcut; where it answers no, the test under the lock decides.
    if storage.record.flags.test(.signaled, .relaxed) {
      callback.record.node.initialise()
      throw .noEntry
    }
    let lock = self.lock
    lock.record.lockIRQSave()
    let isPending = enableSignalingHoldingLock()
    if isPending {
      callback.record.function.value = function
      Machine.note(.opened, .callback, key: callback.machineAddress)
      storage.record.callbacks.append(callback.record.node)
    } else {
      callback.record.node.initialise()
    }
    lock.record.unlockIRQRestore()
    if !isPending { throw .noEntry }
  }

  /// Takes a queued callback off the list, with the lock held.
  @usableFromInline
  func unlink(_ callback: Object<FenceCallback>) {
    callback.record.node.remove()
    Machine.note(.dropped, .callback, key: callback.machineAddress)
    FenceCallback.discard(callback.record.function.value)
  }
}
