import Debates
import Explorer
import Fences

extension OperationsScenarios {
  /// Which pairs of names some execution gives.
  static func answers() -> [[String]] {
    let detaching = pairs(keepsTable: false)
    let keeping = pairs(keepsTable: true)
    let drivers = ["lab", "detached-driver"]
    let timelines = ["ring 0", "signaled-timeline"]
    return [["`driverName`, then `timelineName`", "the table goes", "the table is kept"]]
      + drivers.flatMap { driver in
        timelines.map { timeline in
          let pair = "\(driver), \(timeline)"
          return [pair] + [detaching, keeping].map { $0.contains(pair) ? "possible" : "never" }
        }
      }
  }

  /// What the driver waits for, with both kinds of table.
  static func waits() -> [[String]] {
    [["between signal and unloading", "the table goes", "the table is kept"]]
      + [Unload.waitsForNothing, .waits].map { unload in
        [unload.name] + [false, true].map { words(explore(unload, keepsTable: $0)) }
      }
  }

  // MARK: - The designs of the debate

  /// What each design comes to, as `fencelab compare` finds it.
  static func designs() -> [[String]] {
    let table = Comparison(.operationsUnderRCU).table(
      columns: ["unload", "unload-weak", "unload-kept", "names"])
    return [["design", "unload", "unload, weak", "unload-kept", "names"]]
      + table.rows.map { row in
        [row.design] + row.cells.map { cell in cell.report.map(words) ?? cell.text }
      }
  }

  /// What it costs to ask for a name.
  static func cost() -> [[String]] {
    let table = Comparison(.operationsUnderRCU).table(columns: ["steps", "transfers"])
    return [["design", "steps of the machine", "line transfers"]]
      + table.rows.map { row in [row.design] + row.cells.map(\.text) }
  }

  private static func words(_ report: ExplorationReport) -> String {
    report.isExhaustive
      ? "\(report.verdict.rawValue), all \(report.executions)"
      : report.verdict.rawValue
  }
}
