// expects: too costly, rule=too-costly/updates, misconception=a-note-needs-an-update
// The lock lies in the same line.

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
  fence.lockIRQSave()
  defer { fence.unlockIRQRestore() }
  return fence.testSignaledFlag()
}
