// expects: expectation failed, rule=expectation, misconception=adding-is-enough
// What was refused once is refused again.

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
    try? fence.addCallback(callback, body)
  }
}
