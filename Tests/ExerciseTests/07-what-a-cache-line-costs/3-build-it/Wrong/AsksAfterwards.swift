// expects: too costly, rule=too-costly/transfers, misconception=reading-is-always-free
// The note is kept, and the fence is asked all the same.

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
  let answer = fence.testSignaledFlag()
  if answer { note.record.word.store(1, .relaxed) }
  return answer || note.record.word.load(.relaxed) == 1
}
