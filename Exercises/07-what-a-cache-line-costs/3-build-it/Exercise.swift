// # Build it
//
// Three CPUs ask one signaled fence again and again. Meanwhile somebody hands the fence out: takes
// a reference, gives one back. The count lies in the fence's line, so each of the questions misses,
// although the answer will never change again: a fence goes from unsignaled to signaled once.
//
// Build a look that profits from this. Each CPU has a note of its own, on a line of its own, which
// only the thread of this CPU uses. After a look has said *true*, later looks with the same note
// must not touch the fence at all.
//
// The checks try it with a signaler that comes in between, then measure nine looks in turn with
// somebody who hands the fence out. See
// [a copy of one's own](../../../Lessons/07-what-a-cache-line-costs/lesson.md#a-copy-of-ones-own).

import ExerciseKit

// Change the code below this line …
/// What one CPU has noted about one fence.
public struct Note: ~Copyable {
  /// 0 before anything was noted.
  public let word = Word<UInt64>(0)

  /// A note of a CPU that has not looked yet.
  public init() {}
}

/// Whether the fence is signaled, as `testSignaledFlag()` says it.
///
/// - Parameter note: This CPU's own, for this fence.
public func isSignaled(_ fence: Fence, _ note: Object<Note>) -> Bool {
  fence.testSignaledFlag()
}
// … and above this line.
