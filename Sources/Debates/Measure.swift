internal import CacheModel
internal import Explorer
internal import Fences

/// The columns that explore nothing.
enum Measure: String, CaseIterable {
  case bytes, steps, transfers, native, load, rows, remember

  /// What a cell says, and whether the kit knows it.
  struct Value {
    let text: String
    var isMeasured = true

    static func absent(_ text: String) -> Value { Value(text: text, isMeasured: false) }
  }

  func column(_ debate: Debate) -> EvidenceTable.Column {
    EvidenceTable.Column(name: rawValue, title: title, meaning: meaning(debate))
  }

  private var title: String {
    switch self {
    case .bytes: "bytes"
    case .steps: "steps"
    case .transfers: "line transfers"
    case .native: "native cost"
    case .load: "whole load"
    case .rows: "broken rows"
    case .remember: "the driver's author must remember"
    }
  }

  private func meaning(_ debate: Debate) -> String {
    switch self {
    case .bytes: "bytes of one fence"
    case .steps: "steps of the machine for \(debate.probe.name), on one CPU"
    case .transfers:
      "lines that come from another CPU's cache for \(debate.probe.name), by four CPUs in turn"
    case .native: "time for \(debate.probe.name) as a ratio to the cheapest design, from a record"
    case .load: "what a desktop's load feels under this design"
    case .rows: "rows of the kernel's own tests that the design cannot satisfy"
    case .remember: "what no program here enforces"
    }
  }

  func value(_ design: Design, _ debate: Debate) -> Value {
    switch self {
    case .bytes: Value(text: design.bytes.text)
    case .steps: Value(text: "\(Self.steps(design, debate))")
    case .transfers: Self.transfers(design, debate)
    case .native:
      .absent(
        design.policy == .upstream && design.forms.isEmpty
          ? "not recorded" : "none: a bare build has upstream's design only")
    case .load: .absent("not measured yet")
    case .rows: Value(text: design.brokenRows.text)
    case .remember: Value(text: design.remember)
    }
  }

  /// What one operation more costs.
  private static func steps(_ design: Design, _ debate: Debate) -> Int {
    let probe = design.probe ?? debate.probe.operation
    let counts = [1, 0].map { count in
      FencePolicy.with(design.policy) {
        Explorer.explore("\(count) times") { lab in
          let operation = probe(lab)
          lab.thread("CPU 0", cpu: 0) { for _ in 0..<count { operation() } }
        }.steps
      }
    }
    return counts[0] - counts[1]
  }

  /// CPUs that take turns.
  private static let cpuCount = 4

  /// Lines that come from another CPU's cache for one operation, once the caches have settled.
  private static func transfers(_ design: Design, _ debate: Debate) -> Value {
    let moved = [1, 2].map { rounds -> Int? in
      let model = CacheModel(CacheMachine(cpuCount: cpuCount))
      let outcome = FencePolicy.with(design.policy) {
        Explorer.observe("\(rounds) rounds", with: [model]) { lab in
          let operation = (design.probe ?? debate.probe.operation)(lab)
          for turn in 0..<rounds * cpuCount {
            lab.thread("turn \(turn)", cpu: turn % cpuCount) { operation() }
          }
        }
      }
      guard case .passed = outcome else { return nil }
      return model.report.total.transfers
    }
    guard let first = moved[0], let both = moved[1] else {
      return .absent("the design breaks on the way")
    }
    let hundredths = (both - first) * 100 / cpuCount
    let rest = hundredths % 100
    return Value(
      text: rest == 0 ? "\(hundredths / 100)" : "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    )
  }
}
