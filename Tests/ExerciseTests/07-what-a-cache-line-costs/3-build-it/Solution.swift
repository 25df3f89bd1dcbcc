// expects: passed

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
  // relaxed: only this CPU's thread uses the note.
  if note.record.word.load(.relaxed) == 1 { return true }
  guard fence.testSignaledFlag() else { return false }
  // relaxed: as above.
  note.record.word.store(1, .relaxed)
  return true
}
