// expects: expectation failed, rule=expectation, misconception=no-is-forever
// The note says yes before anybody has asked the fence.

import ExerciseKit

/// What one CPU has noted about one fence.
public struct Note: ~Copyable {
  /// 0 before anything was noted.
  public let word = Word<UInt64>(0)

  /// A note of a CPU that has not looked yet.
  public init() {}
}

/// Whether the fence is signaled, as `testSignaledFlag()` says it.
public func isSignaled(_ fence: Fence, _ note: Object<Note>) -> Bool {
  if note.record.word.exchange(1, .relaxed) == 1 { return true }
  return fence.testSignaledFlag()
}
