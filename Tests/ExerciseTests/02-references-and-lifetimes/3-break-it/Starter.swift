// expects: expectation failed, rule=scenario/harmless, misconception=alive-means-mine
// # Break it
//
// `getUnlessZero()` refuses a fence whose last reference is gone. Prove that this is not enough:
// write a scenario in which a reader asks a slot for its fence, holds a reference afterwards, and
// holds the wrong fence.
//
// Your scenario runs with two ways to find the fence. The first counts and does not look again;
// with it some execution must break a claim of yours, by the rule `expectation`. The second is
// `Fence.get(from:)`; with it every execution must be free of errors. So what you claim must be
// true of whoever looks again: each reference is given back, each record is freed once. See
// [used again](../../../Lessons/02-references-and-lifetimes/lesson.md#memory-that-is-used-again).

import ExerciseKit

/// A place in memory that names the newest fence of a buffer.
public struct Slot: ~Copyable {
  /// The slot has a reference to the fence that it names.
  public let newest = Word<Fence?>(nil)
}

/// Builds one world; the explorer then tries every order of its threads' steps.
///
/// - Parameter find: From a slot to its fence, with a reference for the caller, or to nil.
public func scenario(_ lab: Lab, _ find: @escaping @Sendable (Object<Slot>) -> Fence?) {
  // One slot for each of two buffers, and fences whose memory is used again at once. They are of
  // context 7 in the first slot, and of context 8 in the second.
  let slot = lab.allocate(Slot())
  let other = lab.allocate(Slot())
  let pool = RequestPool.make()
  RCU.assign(pool.request(context: 7, seqno: 1), to: slot.record.newest)

  // Change the code below this line …
  //
  // 1. An owner on one CPU empties the slot, gives the slot's reference back, and makes a fence for
  //    the other slot: pool.request(context: 8, seqno: 1, mayBlock: false)
  //    Its memory is the first fence's, once that has ended. `RCU.assign(…, to:)` publishes it.
  // 2. This reader says what it relies on:     lab.expect(…, "what must hold")
  //    Ask the fence in vain: `seqno` and `isSignaled()` are the same for both, `context` may be in
  //    the making. The other slot's is `RCU.dereference(other.record.newest)`: yours must differ.
  lab.thread("reader", cpu: 1) {
    guard let fence = find(slot) else { return }
    fence.put()
  }
  // … and above this line.

  lab.finally {
    for slot in [slot, other] {
      RCU.dereference(slot.record.newest)?.put()
      lab.free(slot)
    }
    pool.destroy()
  }
}
