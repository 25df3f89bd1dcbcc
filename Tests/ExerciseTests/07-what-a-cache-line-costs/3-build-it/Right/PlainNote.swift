// expects: passed
// One user needs no atomic word at all.

import ExerciseKit

/// What one CPU has noted about one fence.
public struct Note: ~Copyable {
  /// Whether a look said yes.
  public let isSignaled = Cell<Bool>(false)

  /// A note of a CPU that has not looked yet.
  public init() {}
}

/// Whether the fence is signaled, as `testSignaledFlag()` says it.
public func isSignaled(_ fence: Fence, _ note: Object<Note>) -> Bool {
  if !note.record.isSignaled.value { note.record.isSignaled.value = fence.isSignaled() }
  return note.record.isSignaled.value
}
