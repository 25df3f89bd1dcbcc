// explorations: 2

import Exercise
import ExerciseKit

/// One job, explored and then measured.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      flagOrdersByItself, nilIsSafe, lockIsCheap, barriersFlushCaches, writesForNothing)

    var options = ExplorationOptions()
    options.memory = .weak
    grader.ExerciseKit::explore("who finds the flag set sees the result", options: options) { lab in
      let job = lab.Explorer::allocate(Exercise::Job())
      lab.Explorer::thread("device", cpu: 0) { complete(job) }
      for cpu in 1..<3 {
        lab.Explorer::thread("looker \(cpu)", cpu: cpu) {
          // relaxed: a later look of the same CPU cannot find less.
          let wasDone = job.record.isDone.load(.relaxed) == 1
          let result = Exercise::take(job)
          lab.Explorer::expect(
            result == 7 || result == nil && !wasDone,
            "The flag is set, and the result was not seen.")
        }
      }
      lab.Explorer::finally {
        lab.Explorer::expect(
          Exercise::take(job) == 7, "The job is done, and a look does not find its result.")
        lab.Explorer::free(job)
      }
    }
    // The device's first access and the first look of each CPU bring the line: four in all. The
    // device takes the lock once.
    grader.ExerciseKit::measure(
      "three CPUs that look in turn, three times each, only read",
      atMost: Cost(updates: 1, barriers: 0, transfers: 4)
    ) { lab in
      let job = Machine.allocate(alignment: 64, Exercise::Job())
      lab.Explorer::thread("device", cpu: 0) { complete(job) }
      for turn in 0..<9 {
        lab.Explorer::thread("look \(turn)", cpu: 1 + turn % 3) { _ = Exercise::take(job) }
      }
      lab.Explorer::finally { Machine.free(job) }
    }
  }

  /// The device: writes its result, then sets the flag, all under the lock.
  static func complete(_ job: Object<Exercise::Job>) {
    job.record.lock.lock()
    job.record.result.value = 7
    // release[job.done] → acquire in Solution's take(_:). Hands over the result.
    job.record.isDone.store(1, .release, edge: "job.done")
    job.record.lock.unlock()
  }

  // MARK: - Beliefs

  static let flagOrdersByItself = Misconception(
    "a-flag-orders-by-itself", shownBy: .dataRace,
    "A relaxed look tells that the flag is set and nothing else: only an ordering at both ends "
      + "hands the result over, to what is read behind the look (lesson 07, what a look may rely "
      + "on).")
  static let nilIsSafe = Misconception(
    "nil-is-safe", shownBy: .expectationFailed,
    "No result is an answer only while the flag is not set; a job that is done owes its result "
      + "(lesson 07, what a look may rely on).")
  static let barriersFlushCaches = Misconception(
    "barriers-flush-caches", shownBy: .tooCostly, rule: "too-costly/barriers",
    "A barrier fetches nothing newer and empties no cache: it only orders this CPU's accesses, and "
      + "an acquire does that for one load (lesson 07, barriers).")
  static let lockIsCheap = Misconception(
    "an-uncontended-lock-is-free", shownBy: .tooCostly, rule: "too-costly/updates",
    "Taking a lock is a write, also where nobody waits for it, and so is every read-modify-write: "
      + "the line leaves all other caches (lesson 07, the lock).")
  static let writesForNothing = Misconception(
    "an-uncontended-lock-is-free", shownBy: .tooCostly, rule: "too-costly/transfers",
    "A look that writes takes the line away from everybody who looks next (lesson 07, the lock).")
}
