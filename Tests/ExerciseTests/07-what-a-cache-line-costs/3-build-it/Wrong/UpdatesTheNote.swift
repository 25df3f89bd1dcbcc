// expects: too costly, rule=too-costly/updates, misconception=a-note-needs-an-update
// A note that one CPU uses needs no update.

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
  if note.record.word.fetchAdd(0, .relaxed) == 1 { return true }
  guard fence.testSignaledFlag() else { return false }
  note.record.word.store(1, .relaxed)
  return true
}
