// expects: too costly, rule=too-costly/barriers, misconception=barriers-flush-caches
// A barrier brings nothing newer into the cache.

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
  Machine.barrier(.full, edge: "note.look")
  if note.record.word.load(.relaxed) == 1 { return true }
  guard fence.testSignaledFlag() else { return false }
  note.record.word.store(1, .relaxed)
  return true
}
