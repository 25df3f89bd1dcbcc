import Explorer
import Fences
import Kernel
import Machine

/// Lesson 03: the scenarios that the page explores.
package enum CallbackScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("after-the-lock") { explore(afterTheLock, answerDecides) },
    LessonScenario("lucky") { explore(afterTheLock, misfortune) },
    LessonScenario("own-lock") { explore(.takesItself) },
    LessonScenario("other-fence") { explore(.signalsAnother) },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("designs", designs), LessonTable("inside", inside),
  ]

  // MARK: - The smallest program that shows it

  // snippet: job
  /// What the waiter keeps; the fence's list leads to the callback in it.
  struct Job: ~Copyable {
    let callback = FenceCallback()
    let isDue = Word<Bool>(false)
    let hasRun = Word<Bool>(false)

    static let callback = FieldOffset<Job, FenceCallback> {
      $0.callback.address
    }
  }
  // end snippet

  // snippet: scenario
  static func scenario(_ lab: Lab, _ design: Design, _ claim: Claim) {
    let job = lab.allocate(Job())
    let callback = Job.callback.field(of: job)
    let fence = Fence.make(operations: driver, context: 1, seqno: 1)
    try? fence.addCallback(callback, design.body)

    lab.thread("signaler", cpu: 0) {
      fence.signal()
      design.afterwards(job)
    }
    lab.thread("waiter", cpu: 1) {
      let isMine = fence.removeCallback(callback)
      // relaxed: the answer above is what this relies on.
      let hasRun = job.record.hasRun.load(.relaxed)
      lab.expect(claim.holds(isMine, hasRun), claim.words)
    }
    lab.finally {
      lab.free(job)
      fence.put()
    }
  }
  // end snippet

  static let driver = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

  // MARK: - Two designs

  /// Where the callback's own work is done.
  struct Design: Sendable {
    let name: String
    let body: FenceCallback.Function
    let afterwards: @Sendable (Object<Job>) -> Void
  }

  // snippet: under-the-lock
  /// The work is done where the fence calls: with its lock held.
  static let underTheLock = Design(
    name: "with the lock held",
    body: FenceCallback.Function { _, callback in
      // relaxed: whoever relies on it has taken the fence's lock.
      Job.callback.record(around: callback).record.hasRun
        .store(true, .relaxed)
    },
    afterwards: { _ in })
  // end snippet

  // snippet: after-the-lock
  /// The fence only notes that the work is due; the signaler does it
  /// when it has given the lock back.
  static let afterTheLock = Design(
    name: "when the lock was given back",
    body: FenceCallback.Function { _, callback in
      // relaxed: read by the thread that wrote it.
      Job.callback.record(around: callback).record.isDue
        .store(true, .relaxed)
    },
    afterwards: { job in
      // relaxed: as above.
      guard job.record.isDue.load(.relaxed) else { return }
      // relaxed: nothing orders it, which is the point.
      job.record.hasRun.store(true, .relaxed)
    })
  // end snippet

  // MARK: - Claims

  /// What is said about the answer and about what the waiter finds.
  struct Claim: Sendable {
    var words: String
    var holds: @Sendable (_ isMine: Bool, _ hasRun: Bool) -> Bool
  }

  // snippet: claim
  /// Taken back, it has not run; not taken back, it has.
  static let answerDecides = Claim(
    words: "once-or-never: the callback is out of reach, and has not run"
  ) { isMine, hasRun in isMine != hasRun }
  // end snippet

  /// The opposite of luck, so that an execution that breaks it is a lucky one.
  static let misfortune = Claim(
    words: "Told no, the waiter finds that its callback has run: this time."
  ) { isMine, hasRun in isMine || !hasRun }

  static func explore(_ design: Design, _ claim: Claim) -> ExplorationReport {
    Explorer.explore("\(design.name): \(claim.words)") { scenario($0, design, claim) }
  }
}
