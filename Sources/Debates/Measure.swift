internal import CacheModel
internal import Explorer
internal import Fences

/// A column that explores nothing.
struct Measure: Sendable {
  /// What the command line calls it.
  let name: String
  /// Its heading.
  let title: String
  /// What is counted or said, in a sentence.
  let meaning: @Sendable (Debate) -> String
  /// One cell.
  let value: @Sendable (Design, Debate, NativeRecord?) -> Value

  /// What a cell says, and whether the kit knows it.
  struct Value: Sendable {
    let text: String
    var isMeasured = true

    static func absent(_ text: String) -> Value { Value(text: text, isMeasured: false) }
  }

  func column(_ debate: Debate) -> EvidenceTable.Column {
    EvidenceTable.Column(name: name, title: title, meaning: meaning(debate))
  }

  /// What is known of every design of the fence.
  static let common = [bytes, steps, transfers, native, rows, remember]

  static let bytes = Measure(
    name: "bytes", title: "bytes", meaning: { _ in "bytes of one fence" },
    value: { design, _, _ in Value(text: design.bytes.text) })

  static let steps = Measure(
    name: "steps", title: "steps",
    meaning: { "steps of the machine for \($0.probe.name), on one CPU" },
    value: { design, debate, _ in Value(text: "\(stepCount(design, debate))") })

  static let transfers = Measure(
    name: "transfers", title: "line transfers",
    meaning: {
      "lines that come from another CPU's cache for \($0.probe.name), by four CPUs in turn"
    },
    value: { design, debate, _ in transferRate(design, debate) })

  static let native = Measure(
    name: "native", title: "native cost",
    meaning: { "time for \($0.probe.name) as a ratio to the cheapest design, from a record" },
    value: { design, _, record in
      guard let record else { return .absent("not recorded") }
      guard let ratio = record.ratioToCheapest(of: design.name) else {
        return .absent(record.absences[design.name] ?? "not recorded")
      }
      return Value(text: ratio.inTenths)
    })

  static let rows = Measure(
    name: "rows", title: "broken rows",
    meaning: { _ in "rows of the kernel's own tests that the design cannot satisfy" },
    value: { design, _, _ in Value(text: design.brokenRows.text) })

  static let remember = Measure(
    name: "remember", title: "the driver's author must remember",
    meaning: { _ in "what no program here enforces" },
    value: { design, _, _ in Value(text: design.remember) })

  // MARK: - Counting

  /// What one operation more costs.
  private static func stepCount(_ design: Design, _ debate: Debate) -> Int {
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
  private static func transferRate(_ design: Design, _ debate: Debate) -> Value {
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
    return Value(text: "\(Hundredths(value: (both - first) * 100 / cpuCount))")
  }
}
