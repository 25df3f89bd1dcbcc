import Explorer
import Fences
import Kernel
import Machine

/// Lesson 06: the scenarios that the page explores.
package enum SignaledBitScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("lockless") { explore(.belief) },
    LessonScenario("locked") { explore(.belief, .underTheLock) },
    LessonScenario("lucky") { explore(.misfortune) },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("counts", counts), LessonTable("outcomes", outcomes), LessonTable("cost", cost),
    LessonTable("repairs", repairs),
  ]

  // MARK: - The smallest program that shows it

  // snippet: job
  /// What the waiter keeps while it waits; the fence's list leads to it.
  struct Job: ~Copyable {
    let callback = FenceCallback()
    let hasRun = Word<Bool>(false)

    static let callback = FieldOffset<Job, FenceCallback> {
      $0.callback.address
    }
    static let body = FenceCallback.Function { _, callback in
      let job = Job.callback.record(around: callback)
      // relaxed: whoever relies on it has taken the fence's lock.
      job.record.hasRun.store(true, .relaxed)
    }
  }
  // end snippet

  // snippet: scenario
  static func scenario(_ lab: Lab, _ claim: Claim) {
    let job = lab.allocate(Job())
    let fence = Fence.make(operations: driver, context: 1, seqno: 1)
    try? fence.addCallback(Job.callback.field(of: job), Job.body)

    lab.thread("signaler", cpu: 0) { fence.signal() }
    lab.thread("waiter", cpu: 1) {
      let answer = fence.isSignaled()
      // relaxed: the question above is what this relies on.
      let hasRun = job.record.hasRun.load(.relaxed)
      lab.expect(claim.holds(answer, hasRun), claim.words)
    }
    lab.finally {
      lab.free(job)
      fence.put()
    }
  }
  // end snippet

  static let driver = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

  // MARK: - Claims

  /// What is said about the two answers that the waiter gets.
  struct Claim: Sendable {
    var words: String
    var holds: @Sendable (_ answer: Bool, _ hasRun: Bool) -> Bool

    // snippet: belief
    /// Told yes, the waiter takes its callback for done.
    static let belief = Claim(
      words: "callback-before-free: told yes, and it has not run"
    ) { answer, hasRun in !answer || hasRun }
    // end snippet

    /// The opposite of luck, so that an execution that breaks it is a lucky one.
    static let misfortune = Claim(
      words: "Told yes, the waiter finds that its callback has run: this time."
    ) { answer, hasRun in !(answer && hasRun) }
  }

  static func explore(_ claim: Claim, _ design: SignaledBitPolicy = .lockless)
    -> ExplorationReport
  {
    FencePolicy.with(FencePolicy(signaledBit: design)) {
      Explorer.explore("\(design): \(claim.words)") { scenario($0, claim) }
    }
  }
}
