import CacheModel
import Debates
import Explorer
import Fences
import Kernel
import Machine

/// Lesson 04: the scenarios that the page explores.
package enum WhoseLockScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("borrowed") { explore("the driver lends its lock", borrows) },
    LessonScenario("lucky") { Explorer.explore("the importer is never first", lucky) },
    LessonScenario("null-test") {
      FencePolicy.with(FencePolicy(lockPlacement: .nullTest)) {
        Explorer.explore("a null pointer tells lock from pointer", twoSignalers)
      }
    },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("ways", ways), LessonTable("designs", designs), LessonTable("lines", lines),
  ]

  // MARK: - The smallest program that shows it

  // snippet: channel
  /// What a driver keeps for one line of work, such as a ring.
  struct Channel: ~Copyable {
    /// Held by whoever changes the driver's list of jobs.
    let lock = SpinLock()
    /// How many keep the channel: the driver, and perhaps its fences.
    let owners = ReferenceCount(1)

    static let lock = FieldOffset<Channel, SpinLock> { $0.lock.address }

    /// Gives one part back; the last one frees the channel.
    static func giveBack(_ channel: Object<Channel>) {
      if channel.record.owners.put() { Machine.free(channel) }
    }
  }
  // end snippet

  /// Makes a fence of a channel.
  typealias Maker = @Sendable (Lab, Object<Channel>) -> Fence

  // snippet: scenario
  static func scenario(_ lab: Lab, _ makeFence: Maker) {
    let channel = lab.allocate(Channel())
    let fence = makeFence(lab, channel)
    // Two references: one for the driver, one for the importer.
    fence.get()

    lab.thread("driver", cpu: 0) {
      fence.signal()
      fence.put()
      // The job is over, and the driver needs its channel no more.
      Channel.giveBack(channel)
    }
    lab.thread("importer", cpu: 1) {
      // lock-outlives-fence: this takes the fence's lock.
      _ = fence.status()
      fence.put()
    }
  }
  // end snippet

  // snippet: two-signalers
  static func twoSignalers(_ lab: Lab) {
    let fence = Fence.make(operations: names, context: 7, seqno: 1)
    fence.get()
    for (cpu, name) in ["handler", "reset"].enumerated() {
      lab.thread(name, cpu: cpu) {
        fence.signal()
        fence.put()
      }
    }
  }
  // end snippet

  /// The same program with a borrowed lock, and the claim that the importer is never done first.
  ///
  /// The importer comes first here, so that the search meets such an execution before the others.
  static func lucky(_ lab: Lab) {
    let channel = lab.allocate(Channel())
    let fence = borrows(lab, channel)
    fence.get()
    lab.thread("importer", cpu: 1) {
      _ = fence.status()
      fence.put()
    }
    lab.thread("driver", cpu: 0) {
      fence.signal()
      lab.expect(
        fence.referenceCount > 1, "The importer was done before the channel went: this time.")
      fence.put()
      Channel.giveBack(channel)
    }
  }

  // MARK: - Whose lock

  // snippet: borrows
  static let borrows: Maker = { _, channel in
    Fence.make(
      operations: names, lock: Channel.lock.field(of: channel),
      context: 7, seqno: 1)
  }
  // end snippet

  // snippet: counts
  static let counts: Maker = { lab, channel in
    channel.record.owners.get()
    let table = lab.allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
        release: { fence in
          fence.free()
          Channel.giveBack(channel)
        }))
    lab.finally { lab.free(table) }
    return Fence.make(
      operations: table, lock: Channel.lock.field(of: channel),
      context: 7, seqno: 1)
  }
  // end snippet

  // snippet: owns
  static let owns: Maker = { _, _ in
    Fence.make(operations: names, context: 7, seqno: 1)
  }
  // end snippet

  static let names = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

  static func explore(_ name: String, _ makeFence: @escaping Maker) -> ExplorationReport {
    Explorer.explore(name) { scenario($0, makeFence) }
  }

  // MARK: - Tables

  /// What comes of each way to a lock in the program above.
  static func ways() -> [[String]] {
    let makers: [(String, Maker)] = [
      ("borrowed, and nobody counts", borrows), ("borrowed, and each fence keeps it", counts),
      ("its own", owns),
    ]
    return [["the fence's lock is", "verdict", "executions"]]
      + makers.map { name, maker in
        let report = explore(name, maker)
        return [
          name, report.verdict.rawValue,
          report.isExhaustive ? "\(report.executions), all" : "\(report.executions)",
        ]
      }
  }

  /// The debate's own table, without what it leaves unmeasured.
  static func designs() -> [[String]] {
    let columns = ["close", "close-weak", "bytes", "steps", "transfers"]
    let table = Comparison(.whoseLock).table(columns: columns)
    return [["the lock lies", "close", "close, weak", "bytes", "steps", "transfers"]]
      + table.rows.map { [$0.summary] + $0.cells.map(\.text) }
  }

  /// CPUs that ask in turn.
  private static let cpuCount = 4

  /// How many lines come from another CPU's cache for one `status()`.
  static func lines() -> [[String]] {
    let worlds = [
      ("one fence, asked by all in turn", 1), ("a fence for each CPU, of one channel", cpuCount),
    ]
    return [["four CPUs ask", "borrowed lock", "its own"]]
      + worlds.map { name, count in [name] + [borrows, owns].map { transfers(count, $0) } }
  }

  private static func transfers(_ fenceCount: Int, _ makeFence: @escaping Maker) -> String {
    let moved = [1, 2].map { rounds in
      let model = CacheModel(CacheMachine(cpuCount: cpuCount))
      _ = Explorer.observe("\(rounds) rounds", with: [model]) { lab in
        let channel = Machine.allocate(alignment: 64, Channel())
        let fences = (0..<fenceCount).map { _ in makeFence(lab, channel) }
        for turn in 0..<rounds * cpuCount {
          lab.thread("turn \(turn)", cpu: turn % cpuCount) {
            _ = fences[turn % fenceCount].status()
          }
        }
        lab.finally {
          for fence in fences { fence.put() }
          Channel.giveBack(channel)
        }
      }
      return model.report.total.transfers
    }
    return "\((moved[1] - moved[0]) / cpuCount)"
  }
}
