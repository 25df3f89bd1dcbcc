public import Kernel
public import Machine

extension Fence {
  /// Takes the fence's lock with interrupts masked (`dma_fence_lock_irqsave`).
  ///
  /// While it is held the fence cannot become signaled, and no callback starts or ends.
  @inlinable @inline(__always)
  public func lockIRQSave() { lock.record.lockIRQSave() }

  /// Gives the fence's lock back (`dma_fence_unlock_irqrestore`).
  @inlinable @inline(__always)
  public func unlockIRQRestore() { lock.record.unlockIRQRestore() }

  /// Runs `body` with the fence's lock held and interrupts masked.
  @inlinable
  public func withLock<Result>(_ body: () -> Result) -> Result {
    lockIRQSave()
    defer { unlockIRQRestore() }
    return body()
  }

  /// Warns unless the fence's lock is held (`dma_fence_assert_held`).
  public func assertHeld() { lock.record.assertHeld() }

  /// Gives the fence's lock a class of its own, for code that holds it while it takes another
  /// fence's (`lockdep_set_class`).
  public func setLockClass(_ name: StaticString) { lock.record.setClass(name) }
}
