import Explorer
import Foundation

/// A report as the explorer would write it; a failure has `stepCount` steps in two lanes.
func sampleReport(
  _ verdict: Explorer.Verdict, rule: String = "r", isExhaustive: Bool = true, stepCount: Int = 4
) throws -> ExplorationReport {
  let steps: [[String: Any]] = (1...stepCount).map { index in
    var step: [String: Any] = [
      "lane": index % 2, "thread": "t\(index % 2)", "event": "read word → \(index)",
      "source": String(repeating: "a long line of source \(index) ", count: 5),
      "file": "Exercise.swift", "line": index, "matters": true,
    ]
    if index == stepCount { step["mark"] = "broke" }
    return step
  }
  let failure: [String: Any] = [
    "verdict": verdict.rawValue, "rule": rule,
    "message": String(repeating: "what happened ", count: 12), "lanes": ["cpu 0: a", "cpu 1: b"],
    "steps": steps, "replay": String(repeating: "1a", count: 90),
  ]
  var report: [String: Any] = [
    "name": String(repeating: "the claim ", count: 14), "verdict": verdict.rawValue,
    "executions": 7, "redundant": 0, "steps": 99, "isExhaustive": isExhaustive,
    "bound": "every interleaving of 2 threads",
  ]
  if verdict != .passed && verdict != .notExhaustive { report["failure"] = failure }
  return try JSONDecoder().decode(
    ExplorationReport.self, from: JSONSerialization.data(withJSONObject: report))
}
