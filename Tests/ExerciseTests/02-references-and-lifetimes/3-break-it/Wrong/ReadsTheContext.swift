// expects: data race, rule=data-race, misconception=looking-is-free
// The context is written while the fence is made anew.

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

  lab.thread("owner", cpu: 0) {
    let old = RCU.dereference(slot.record.newest)
    RCU.assign(nil, to: slot.record.newest)
    old?.put()
    RCU.assign(pool.request(context: 8, seqno: 1, mayBlock: false), to: other.record.newest)
  }
  lab.thread("reader", cpu: 1) {
    guard let fence = find(slot) else { return }
    lab.expect(
      fence.context == 7, "the reader holds the other slot's fence")
    fence.put()
  }

  lab.finally {
    for slot in [slot, other] {
      RCU.dereference(slot.record.newest)?.put()
      lab.free(slot)
    }
    pool.destroy()
  }
}
