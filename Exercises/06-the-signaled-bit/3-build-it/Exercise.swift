// # Build it
//
// Build the question that every poller asks: is this fence signaled? It has two paths. Once the
// fence is signaled, the answer is one read of the bit. Until then nobody but the device knows, so
// the driver is asked; and where the driver says that the job has ended, whoever asked signals the
// fence. A device whose interrupt is switched off relies on that.
//
// The fence is reduced to what matters here: a bit, a lock, a pointer to the driver, one callback.
// Two functions are given: `ask` asks the driver, `signalLocked` signals. You write two more.
// `isSignaled` is called without the lock, by tasks and by interrupt handlers, by several at once.
// `isSignaledLocked` is called by whoever holds the lock. Both keep these promises:
//
// - Told *true*, the caller finds the bit set, and may read what the job has written. Upstream
//   does not promise the second; you do.
// - A job that has ended before the question is answered *true*. Where somebody else signals
//   during the question, *false* will do: it was right a moment ago.
// - The callback runs once, however many ask and whoever else signals.
// - A driver that is gone is not asked: its memory may be freed one grace period after the signal.
// - A question to a signaled fence takes no update and no barrier, and each CPU brings the fence's
//   line once. The checks count them.
//
// The checks run your functions with one poller, with two, beside a driver that signals and
// unloads, beside a handler that polls, and with the lock held; two of them on weak memory. See
// [to ask is to work](../../../Lessons/06-the-signaled-bit/lesson.md#to-ask-is-to-work).

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

// Change the code below this line …
/// Whether the fence is signaled; the caller does not hold its lock.
public func isSignaled(_ fence: Object<PolledFence>) -> Bool {
  fence.record.lock.lock()
  defer { fence.record.lock.unlock() }
  return isSignaledLocked(fence)
}

/// Whether the fence is signaled; the caller holds its lock, with interrupts masked.
public func isSignaledLocked(_ fence: Object<PolledFence>) -> Bool {
  fence.record.signaled.load(.relaxed) == 1
}
// … and above this line.
