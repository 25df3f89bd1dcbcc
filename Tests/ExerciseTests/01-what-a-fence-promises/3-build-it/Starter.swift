// expects: expectation failed, rule=expectation, misconception=numbers-are-a-promise
// # Build it
//
// A ring of jobs has one device, which ends them in order and writes the seqno of the last one that
// it has ended. Build the function that keeps the promises of the ring: it signals every fence
// whose job has ended, and no other, so that no waiter ever finds a fence signaled before an
// earlier one.
//
// The interrupt handler calls it, and so does whoever looks at the ring, perhaps both at once.
// Seqnos have 32 bits and wrap: behind 4 294 967 295 comes 0. See
// [numbers that wrap](../../../Lessons/01-what-a-fence-promises/lesson.md#numbers-that-wrap).

import ExerciseKit

/// Signals the fences of all jobs that have ended.
///
/// - Parameters:
///   - fences: Of one context, in order of submission; they stay alive during the call, and some
///     may be signaled already.
///   - completed: The seqno of the last job that the device has ended.
public func signalEnded(_ fences: [Fence], completed: UInt32) {
  // Change the code below this line …
  for fence in fences.reversed() where fence.seqno <= UInt64(completed) {
    fence.signal()
  }
  // … and above this line.
}
