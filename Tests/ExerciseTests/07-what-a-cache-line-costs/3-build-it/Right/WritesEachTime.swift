// expects: passed
// Writing one's own line costs nobody anything.

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
  let isNoted = note.record.word.load(.relaxed) == 1
  let answer = isNoted || fence.testSignaledFlag()
  note.record.word.store(answer ? 1 : 0, .relaxed)
  return answer
}
