// expects: expectation failed, rule=expectation, misconception=adding-is-enough
// # Complete it
//
// A driver wants to count one buffer as ready when the fence of its job is signaled, once, whoever
// signals it and whenever. It leaves a callback with the fence. Between the driver's decision and
// the call to `addCallback` the fence may be signaled: then `addCallback` throws, and the callback
// will never run.
//
// One gap is left. Fill it, so that the buffer is counted exactly once in every case, and never
// before the fence is signaled. See
// [signal once](../../../Lessons/03-signaling-and-callbacks/lesson.md#what-the-signaler-does).

import ExerciseKit

/// A buffer and the callback that says that it is ready.
public struct Buffer: ~Copyable {
  /// On the fence's list until it has run.
  public let callback = FenceCallback()
  /// How often the buffer was counted.
  public let readyCount = Word<UInt32>(0)

  /// A buffer that is not ready.
  public init() {}

  /// Counts the buffer as ready.
  public func count() {
    // relaxed: looked at when all is over.
    _ = readyCount.fetchAdd(1, .relaxed)
  }
}

/// Sees to it that the buffer is counted when the fence is signaled.
///
/// - Parameters:
///   - buffer: Lives until the fence was signaled and its callbacks have run.
///   - callback: The callback in the buffer, on no fence.
///   - body: Counts the buffer; it is the callback's function.
///   - fence: The caller's reference outlives the callback.
public func countWhenReady(
  _ buffer: Object<Buffer>, _ callback: Object<FenceCallback>, _ body: FenceCallback.Function,
  _ fence: Fence
) {
  do {
    try fence.addCallback(callback, body)
  } catch {
    // Change the code below this line …
    _ = buffer
    // … and above this line.
  }
}
