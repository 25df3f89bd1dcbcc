/// What is printed about an outcome.
package struct LitmusReport: Sendable {
  private let outcome: LitmusOutcome
  private let style: Style

  /// How much is printed, and whether in colours.
  package struct Style: Sendable {
    /// Whether escape codes may appear.
    package var isStyled: Bool
    /// Whether the states are all that is printed.
    package var showsStatesOnly: Bool

    package init(isStyled: Bool = false, showsStatesOnly: Bool = false) {
      self.isStyled = isStyled
      self.showsStatesOnly = showsStatesOnly
    }
  }

  package init(_ outcome: LitmusOutcome, style: Style = Style()) {
    self.outcome = outcome
    self.style = style
  }

  /// The report, ending in a newline.
  package var text: String {
    let test = outcome.test
    var lines = ["Test \(strong(test.name))"]
    lines.append("States \(outcome.states.count)")
    let width = outcome.states.map { String($0.count).count }.max() ?? 1
    for state in outcome.states {
      let count = String(state.count)
      let padding = String(repeating: " ", count: width - count.count)
      let mark = state.satisfies ? "*" : " "
      lines.append("\(padding)\(count) \(mark)" + (state.text.isEmpty ? "" : " \(state.text)"))
    }
    if style.showsStatesOnly { return lines.joined(separator: "\n") + "\n" }
    lines.append(outcome.isSatisfied ? "Ok" : "No")
    lines.append("Positive: \(outcome.positive) Negative: \(outcome.negative)")
    lines.append("Condition \(test.quantifier.rawValue) (\(test.condition))")
    if let filter = test.filter { lines.append("Filter (\(filter))") }
    for flag in outcome.flags { lines.append("Flag \(flag)") }
    lines.append(
      "Observation \(test.name) \(strong(outcome.verdict)) \(outcome.positive) \(outcome.negative)")
    lines.append("Time \(test.name) \(outcome.seconds) s")
    if let witness = outcome.witness {
      let what = test.quantifier == .always ? "A counterexample" : "An execution that satisfies it"
      lines += ["", "\(what):"] + LaneDrawing(witness, threads: test.threads.count).lines
    }
    if let race = outcome.race, race != outcome.witness {
      lines += ["", "An execution with a data race:"]
      lines += LaneDrawing(race, threads: test.threads.count).lines
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func strong(_ text: String) -> String {
    style.isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }
}

extension LitmusOutcome {
  /// `Never`, with `DATARACE` beside it where that is so.
  package var verdict: String { observation.rawValue + (racy > 0 ? " DATARACE" : "") }

  /// The time it took, with milliseconds.
  package var seconds: String {
    let (whole, rest) = duration.components
    let thousandths = String(rest / 1_000_000_000_000_000)
    return "\(whole)." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
  }
}
