// expects: too costly, rule=too-costly/updates, misconception=only-the-lock-knows
// # Choose it
//
// A driver has two ways to end a fence: the device reports it as done, or a watchdog finds that it
// took too long. The watchdog does not keep a list of what is still pending. Each second it calls
// `end` for every fence of the last minute, and nearly all of them are over already.
//
// `end` below is correct, and it takes a lock where none is needed. Choose the cheapest way that
// is still correct: the first caller decides, the fence says what that caller said, and what a
// fence says once it is signaled never changes.
//
// The library's own `signal(error:)` is no way out: here it does as upstream does, a test,
// `setError` and `signal`, one after the other.
//
// Correct means that every execution on the kernel's weak memory is fine. Cost is counted on one
// fixed schedule: the device ends two of three fences, then the watchdog ends all three, three
// times over. It counts updates (read-modify-writes; taking a lock is one), barriers, and lines
// that had to come from elsewhere. The cheapest correct way needs three updates for each fence, the
// lock and two bits that a signal sets, and no barrier. See
// [latecomers](../../../Lessons/08-signal-with-error/lesson.md#who-was-first).

import ExerciseKit

/// Ends a fence, unless somebody has ended it before.
///
/// - Parameters:
///   - fence: The caller has a reference.
///   - failure: What went wrong, or nil.
public func end(_ fence: Fence, failure: Errno?) {
  // Change the code below this line …
  guard fence.status() == .pending else { return }
  fence.withLock {
    guard fence.statusLocked() == .pending else { return }
    if let failure { fence.setError(failure) }
    fence.signalLocked()
  }
  // … and above this line.
}
