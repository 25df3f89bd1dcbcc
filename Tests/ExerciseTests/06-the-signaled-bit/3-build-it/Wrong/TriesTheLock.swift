// expects: expectation failed, rule=expectation, misconception=to-ask-is-to-look
// Takes a held lock for a signal under way; its holder may be there for something else.

import ExerciseKit

/// What goes when the driver's module is unloaded.
public struct Driver: ~Copyable {
  /// 1 once the job has ended; the device writes its result first.
  public let ended = Word<UInt64>(0)

  /// A driver whose job runs.
  public init() {}
}

/// A fence, as far as pollers are concerned.
public struct PolledFence: ~Copyable {
  /// Held by whoever signals; an interrupt handler may want it at any moment.
  public let lock = SpinLock()
  /// 1 once the fence is signaled; set once, under the lock.
  public let signaled = Word<UInt64>(0)
  /// Nil once the fence is signaled; set after the bit.
  public let driver: Word<Object<Driver>?>
  /// Run by whoever signals.
  public let callback: @Sendable () -> Void

  /// A fence that is not signaled.
  public init(_ driver: Object<Driver>, _ callback: @escaping @Sendable () -> Void) {
    self.driver = Word(driver)
    self.callback = callback
  }
}

/// Asks the driver whether the job has ended; without a driver the kernel would crash here.
public func ask(_ driver: Object<Driver>?) -> Bool {
  Kernel.warn(unless: driver != nil, "a driver is asked that the fence has let go")
  // acquire[polled.ended] ← release in the device. Told yes, the caller sees the result.
  return driver?.record.ended.load(.acquire, edge: "polled.ended") == 1
}

/// Sets the bit, lets the driver go, and runs the callback.
///
/// - Precondition: The lock is held with interrupts masked, and the fence is not signaled.
public func signalLocked(_ fence: Object<PolledFence>) {
  fence.record.lock.assertHeld()
  // full[polled.signaled] → acquire in whoever reads the bit and relies on it.
  _ = fence.record.signaled.exchange(1, .full, edge: "polled.signaled")
  // relaxed: nil leads nowhere.
  fence.record.driver.store(nil, .relaxed)
  fence.record.callback()
}

/// Whether the fence is signaled; the caller does not hold its lock.
public func isSignaled(_ fence: Object<PolledFence>) -> Bool {
  // acquire[polled.signaled] ← full in signalLocked(_:). Told yes, the caller sees the result.
  if fence.record.signaled.load(.acquire, edge: "polled.signaled") == 1 { return true }
  let hasEnded = RCU.withReadLock {
    guard let driver = RCU.dereference(fence.record.driver) else { return false }
    return ask(driver)
  }
  Machine.disableInterrupts()
  defer { Machine.restoreInterrupts() }
  guard hasEnded, fence.record.lock.tryLock() else { return false }
  defer { fence.record.lock.unlock() }
  return isSignaledLocked(fence)
}

/// Whether the fence is signaled; the caller holds its lock, with interrupts masked.
public func isSignaledLocked(_ fence: Object<PolledFence>) -> Bool {
  // relaxed: the lock orders, here and below.
  if fence.record.signaled.load(.relaxed) == 1 { return true }
  guard ask(fence.record.driver.load(.relaxed)) else { return false }
  signalLocked(fence)
  return true
}
