// expects: passed
// A refused callback leaves the work to the same function.

import ExerciseKit

/// What leads from the first fence to the second.
struct Link: ~Copyable {
  /// Written once before the callback is added.
  let second: Fence
  let callback = FenceCallback()
  let work = IRQWork(Link.run)

  static let callback = FieldOffset<Link, FenceCallback> { $0.callback.address }
  static let work = FieldOffset<Link, IRQWork> { $0.work.address }
  static let body = FenceCallback.Function(Link.call)

  init(to second: Fence) { self.second = second }

  /// Runs with the lock of the first fence held.
  static func call(_ first: Fence, _ callback: Object<FenceCallback>) {
    let link = Link.callback.record(around: callback)
    link.record.work.queue()
  }

  /// Runs with no lock held, once for each time that the work was queued.
  static func run(_ work: Object<IRQWork>) {
    let link = Link.work.record(around: work)
    let second = link.record.second
    second.signal()
    second.put()
    RCU.free(link)
  }
}

/// Has `second` signaled when `first` is.
///
/// - Parameters:
///   - first: May be signaled already. The caller keeps it alive until it was signaled.
///   - second: The caller may give its reference back as soon as this returns.
public func follow(_ first: Fence, _ second: Fence) {
  second.get()
  let link = Machine.allocate(Link(to: second))
  do {
    try first.addCallback(Link.callback.field(of: link), Link.body)
  } catch {
    link.record.work.queue()
  }
}
