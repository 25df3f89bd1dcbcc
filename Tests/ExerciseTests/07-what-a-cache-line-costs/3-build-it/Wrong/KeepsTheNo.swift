// expects: expectation failed, rule=expectation, misconception=no-is-forever
// The first answer is kept, whatever it was.

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
  let noted = note.record.word.load(.relaxed)
  if noted != 0 { return noted == 1 }
  let answer = fence.testSignaledFlag()
  note.record.word.store(answer ? 1 : 2, .relaxed)
  return answer
}
