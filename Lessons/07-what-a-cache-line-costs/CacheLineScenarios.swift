import CacheModel
import Debates
import Explorer
import Fences
import Kernel
import Machine

/// Lesson 07: what the page explores and counts.
package enum CacheLineScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("relaxed") { explore("a relaxed look hands the result over", .relaxed) },
    LessonScenario("lucky") { lucky() },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("looks", CacheLineTable.rows), LessonTable("claims", claims),
    LessonTable("fields", fields), LessonTable("orderings", orderings),
  ]

  static let driver = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

  // MARK: - What a look may rely on

  // snippet: job
  /// A result, and the flag that says it is there.
  struct Job: ~Copyable {
    let result = Cell<UInt64>(0)
    let isDone = Word<UInt64>(0)
  }

  /// The device: the result first, then the flag.
  static func complete(_ job: Object<Job>) {
    job.record.result.value = 7
    // release[lesson07.done] → acquire in CacheLineScenarios.take(_:_:).
    // Hands over the result.
    job.record.isDone.store(1, .release, edge: "lesson07.done")
  }

  /// A look, with one ordering or another.
  static func take(_ job: Object<Job>, _ ordering: LoadOrdering) -> UInt64? {
    // acquire[lesson07.done] ← release in CacheLineScenarios.complete(_:).
    // Sees the result, unless the caller asks for less.
    let isDone = job.record.isDone.load(ordering, edge: "lesson07.done")
    return isDone == 1 ? job.record.result.value : nil
  }
  // end snippet

  private static func explore(_ name: String, _ ordering: LoadOrdering) -> ExplorationReport {
    Explorer.explore(name) { lab in
      let job = lab.allocate(Job())
      lab.thread("device", cpu: 0) { complete(job) }
      lab.thread("looker", cpu: 1) { _ = take(job, ordering) }
      lab.finally { lab.free(job) }
    }
  }

  /// Shows an execution in which the look is right, by claiming that there is none.
  private static func lucky() -> ExplorationReport {
    Explorer.explore("no look finds the result") { lab in
      let job = lab.allocate(Job())
      lab.thread("device", cpu: 0) { complete(job) }
      lab.thread("looker", cpu: 1) {
        lab.expect(
          take(job, .acquire) != 7, "Told that the job is done, the looker finds the result.")
      }
      lab.finally { lab.free(job) }
    }
  }

  // MARK: - Tables

  private static func orderings() -> [[String]] {
    let names: [(String, LoadOrdering)] = [("relaxed", .relaxed), ("acquire", .acquire)]
    return [["the flag is read", "verdict", "executions"]]
      + names.map { name, ordering in
        let report = explore("a look that is \(name) hands the result over", ordering)
        let all = report.isExhaustive ? ", all" : ""
        return [name, report.verdict.rawValue, "\(report.executions)\(all)"]
      }
  }

  private static func claims() -> [[String]] {
    [["what was said", "by whom", "what the model counts", "holds"]]
      + CacheLineClaim.all().map { [$0.statement, $0.source, $0.result, $0.holds ? "yes" : "no"] }
  }

  /// Which field of upstream's stub pays for which, with somebody who takes references.
  private static func fields() -> [[String]] {
    let report = StubWorkload(.flagBesideWrites, .shared).run(rounds: 8)
    return [["field", "reads", "writes", "misses", "missed because of a neighbour"]]
      + report.fields.filter { $0.object == "the stub" }.map { field in
        let counts = field.counts
        return [
          "`\(field.field)`", "\(counts.reads)", "\(counts.writes)", "\(counts.misses)",
          "\(counts.falseSharingMisses)",
        ]
      }
  }
}
