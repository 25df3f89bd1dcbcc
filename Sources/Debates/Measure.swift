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
    case .transfers: "cache lines that move for \(debate.probe.name)"
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
    case .transfers: .absent("not measured yet")
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
    let probe = design.probe ?? debate.probe.body
    let counts = [1, 0].map { count in
      FencePolicy.with(design.policy) {
        Explorer.explore("\(count) times") { probe($0, count) }.steps
      }
    }
    return counts[0] - counts[1]
  }
}
