public import Kernel
public import Machine

extension Fence {
  /// Takes a reference (`dma_fence_get`).
  ///
  /// - Returns: The fence, so that the call can stand where it is handed on.
  /// - Precondition: The caller has a reference already.
  /// - Ordering: None.
  @inlinable @inline(__always)
  @discardableResult public func get() -> Fence {
    storage.record.references.get()
    return self
  }

  /// Takes a reference unless the last one is gone (`dma_fence_get_rcu`).
  ///
  /// It needs only that the memory is still there, hence a read section. It says nothing about the
  /// fence still being the one that the caller meant, where memory is recycled.
  ///
  /// - Returns: The fence, or nil.
  @inlinable
  public func getUnlessZero() -> Fence? {
    storage.record.references.getUnlessZero() ? self : nil
  }

  /// Takes a reference to the fence that a published word names (`dma_fence_get_rcu_safe`).
  ///
  /// It copes with the word changing meanwhile and with recycled memory: only a fence that the
  /// word still names after the reference was taken is returned.
  ///
  /// - Precondition: Inside a read section.
  /// - Returns: The fence, or nil where the word names none.
  public static func get(from word: borrowing Word<Fence?>) -> Fence? {
    // snippet: get-from
    while true {
      guard let fence = RCU.dereference(word) else { return nil }
      guard fence.getUnlessZero() != nil else { continue }
      // relaxed: ordered behind the successful increment, which is a
      // full barrier; it pairs with the release in RCU.assign(_:to:).
      if word.load(.relaxed) == fence { return fence }
      fence.put()
    }
    // end snippet
  }

  /// Gives a reference back (`dma_fence_put`).
  ///
  /// The last one ends the fence.
  ///
  /// - Ordering: Release; the last one acquires. Edge `reference.last`.
  /// - Progress: Never blocks; may be called with interrupts off.
  @inlinable @inline(__always)
  public func put() {
    if storage.record.references.put() { release() }
  }

  /// The number of references at some moment, for tests and reports.
  public var referenceCount: UInt32 { storage.record.references.current }

  /// Ends the fence (`dma_fence_release`).
  @usableFromInline @inline(never)
  func release() {
    let (context, table) = (keptContext, pinnedOperations)
    RCU.readLock()
    signalForgottenCallbacks()
    if let table = RCU.dereference(storage.record.operations), table.record.has(.ownRelease) {
      table.record.release(self)
    } else {
      free()
    }
    RCU.readUnlock()
    context?.put()
    if let table { FenceOperations.unpin(table) }
  }

  /// Frees the fence's own memory a grace period from now (`dma_fence_free`): the end of every
  /// `release` that a driver writes for a fence that is not embedded behind other fields.
  public func free() { RCU.free(storage) }

  private func signalForgottenCallbacks() {
    // relaxed: the last reference is gone, so nobody signals any more.
    guard !storage.record.flags.test(.signaled, .relaxed), !storage.record.callbacks.isEmpty
    else { return }
    Kernel.warn("a fence was released with pending signals")
    lockIRQSave()
    storage.record.error.value = Errno.deadlock.kernelValue
    _ = signalHoldingLock(at: Machine.clock())
    unlockIRQRestore()
  }
}
