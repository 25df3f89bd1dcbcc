import Explorer
import Fences
import Kernel
import Machine

/// Lesson 05: the scenarios that the page explores.
package enum OperationsScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("no-wait") { explore(.waitsForNothing) },
    LessonScenario("lucky") { lucky() },
    LessonScenario("names-by-flag") { namesByFlag() },
    LessonScenario("kept") { explore(.waits, keepsTable: true) },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("answers", answers), LessonTable("waits", waits), LessonTable("designs", designs),
    LessonTable("cost", cost),
  ]

  // MARK: - The smallest program that shows it

  // snippet: scenario
  static func scenario(
    _ lab: Lab, _ unload: Unload, keepsTable: Bool = false
  ) {
    let table = lab.allocate(operations(keepsTable))
    let fence = Fence.make(operations: table, context: 1, seqno: 1)

    lab.thread("driver", cpu: 0) {
      fence.signal()
      unload.wait()
      // loaded-while-called: from here on nobody may be inside.
      lab.free(table)
    }
    lab.thread("reader", cpu: 1) { _ = fence.driverName }
    lab.finally { fence.put() }
  }
  // end snippet

  // snippet: table
  /// The functions of a driver.
  static func operations(_ keepsTable: Bool = false) -> FenceOperations {
    let release: @Sendable (Fence) -> Void = { fence in fence.free() }
    return FenceOperations(
      driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
      release: keepsTable ? release : nil)
  }
  // end snippet

  // MARK: - What a driver waits for

  /// What a driver does between the last signal and the end of its table.
  struct Unload: Sendable {
    let name: String
    let wait: @Sendable () -> Void

    // snippet: waits
    static let waitsForNothing = Unload(name: "nothing") {}
    static let waits = Unload(name: "one grace period") {
      RCU.synchronize()
    }
    // end snippet
  }

  static func explore(_ unload: Unload, keepsTable: Bool = false) -> ExplorationReport {
    Explorer.explore("signal, then \(unload.name)") { lab in
      scenario(lab, unload, keepsTable: keepsTable)
    }
  }

  // MARK: - Names

  /// An execution in which all is well, by the claim that there is none.
  private static func lucky() -> ExplorationReport {
    Explorer.explore("no reader is ever told a name") { lab in
      let table = lab.allocate(operations())
      let fence = Fence.make(operations: table, context: 1, seqno: 1)
      lab.thread("driver", cpu: 0) {
        fence.signal()
        lab.free(table)
      }
      lab.thread("reader", cpu: 1) {
        lab.expect(
          fence.driverName != "detached-driver",
          "The reader comes late and finds no driver to call: this time.")
      }
      lab.finally { fence.put() }
    }
  }

  /// Names as they were guarded before June 2026, on memory that reorders loads.
  private static func namesByFlag() -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = .weak
    return FencePolicy.with(FencePolicy(nameGuard: .signaledFlag)) {
      Explorer.explore("the flag guards the names", options: options) { lab in
        let fence = staying(lab)
        lab.thread("driver", cpu: 0) { fence.signal() }
        lab.thread("reader", cpu: 1) { _ = fence.driverName }
      }
    }
  }

  /// Which pairs of names one reader can be told.
  static func pairs(keepsTable: Bool) -> Set<String> {
    let report = Explorer.explore("a reader asks for both names") { lab in
      let fence = staying(lab, keepsTable: keepsTable)
      lab.thread("driver", cpu: 0) { fence.signal() }
      lab.thread("reader", cpu: 1) {
        let driver = fence.driverName
        lab.outcome("\(driver), \(fence.timelineName)")
      }
    }
    precondition(report.isExhaustive, "what was not explored is not known to be impossible")
    return Set((report.outcomes ?? []).map(\.outcome))
  }

  /// A fence of a driver that is not unloaded before the threads have ended.
  private static func staying(_ lab: Lab, keepsTable: Bool = false) -> Fence {
    let table = lab.allocate(operations(keepsTable))
    let fence = Fence.make(operations: table, context: 1, seqno: 1)
    lab.finally {
      fence.put()
      RCU.synchronize()
      lab.free(table)
    }
    return fence
  }
}
