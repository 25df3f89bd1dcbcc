// # Build it
//
// One fence shall follow another: when `first` is signaled, `second` is to be signaled. This is the
// core of every fence that stands for others. A callback is the place to learn of the first signal,
// but it runs with the lock of `first` held, and to signal `second` there takes a second fence's
// lock inside the first's. Elsewhere somebody takes them the other way round.
//
// Build `follow`. The signal of `second` must come where no lock is held: an `IRQWork` that was
// queued in the callback runs as soon as the CPU takes interrupts again. The link lives until it
// has done its work, and whoever runs an `IRQWork` looks at it once more afterwards, so free it a
// grace period later: `RCU.free(link)`. See
// [out of the lock](../../../Lessons/03-signaling-and-callbacks/lesson.md#out-of-the-lock).

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

  // Change the code below this line …

  /// Runs with the lock of the first fence held.
  static func call(_ first: Fence, _ callback: Object<FenceCallback>) {
    let link = Link.callback.record(around: callback)
    link.record.second.signal()
    RCU.free(link)
  }

  /// Runs with no lock held, once for each time that the work was queued.
  static func run(_ work: Object<IRQWork>) {
    let link = Link.work.record(around: work)
    _ = link
  }
}

/// Has `second` signaled when `first` is.
///
/// - Parameters:
///   - first: May be signaled already. The caller keeps it alive until it was signaled.
///   - second: The caller may give its reference back as soon as this returns.
public func follow(_ first: Fence, _ second: Fence) {
  let link = Machine.allocate(Link(to: second))
  try? first.addCallback(Link.callback.field(of: link), Link.body)
}

// … and above this line.
