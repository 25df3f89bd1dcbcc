internal import Dispatch
// Native only: no conductor runs in the grader.
internal import Synchronization

/// Does many pieces of work on a few threads.
enum SideBySide {
  /// Does the work once for each number below `count`, and returns when all is done.
  ///
  /// Numbers are taken in their order; which thread takes one, and when it ends, is open.
  ///
  /// - Parameter jobs: Pieces that are worked on at a time.
  static func perform(
    _ count: Int, jobs: Int, _ work: @escaping @Sendable (Int) -> Void
  ) {
    let tally = Tally()
    let group = DispatchGroup()
    for job in 0..<max(1, min(jobs, count)) {
      // A queue of its own is a thread of its own, which may wait for its child.
      DispatchQueue(label: "job \(job)").async(group: group) {
        while true {
          // Relaxed: the group orders the results with the caller; numbers only have to differ.
          let index = tally.next.add(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          work(index)
        }
      }
    }
    group.wait()
  }

  private final class Tally: Sendable {
    /// The piece that is taken next.
    let next = Atomic(0)
  }
}
