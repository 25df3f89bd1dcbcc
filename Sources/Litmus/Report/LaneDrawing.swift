/// Draws an execution: one column a thread, one line a step, at most 100 columns wide.
struct LaneDrawing {
  private let witness: LitmusWitness
  private let threads: Int
  private static let columnsMax = 100

  init(_ witness: LitmusWitness, threads: Int) {
    self.witness = witness
    self.threads = threads
  }

  var lines: [String] {
    let steps = witness.events.filter { $0.thread >= 0 && $0.partner == nil }
    var numbers: [Int: Int] = [:]
    for (index, event) in steps.enumerated() { numbers[event.number] = index + 1 }
    for event in witness.events {
      if let partner = event.partner { numbers[event.number] = numbers[partner] }
    }
    let gutter = String(steps.count).count
    let texts = steps.map { text(of: $0, numbers) }
    let needed = (texts.map(\.count).max() ?? 0) + 2
    let width = max(needed, 4)
    let isNarrow = gutter + 2 + width * threads > Self.columnsMax
    var lines: [String] = []
    if !isNarrow {
      let heads = (0..<threads).map { padded("P\($0)", width) }.joined()
      lines.append(trimmed(padded("", gutter + 2) + heads))
    }
    for (event, text) in zip(steps, texts) {
      let number = String(numbers[event.number] ?? 0)
      let start = padded("", gutter - number.count) + number + "  "
      let column = isNarrow ? "P\(event.thread)  " : padded("", width * event.thread)
      lines.append(start + column + text)
    }
    return lines + coherence(numbers) + races(numbers)
  }

  private func text(of event: LitmusWitness.Event, _ numbers: [Int: Int]) -> String {
    guard let source = event.source else { return event.text }
    return event.text + (numbers[source].map { " (from \($0))" } ?? " (initial)")
  }

  /// The order of writes, where more than one thread's step wrote a variable.
  private func coherence(_ numbers: [Int: Int]) -> [String] {
    witness.coherence.sorted { isNaturallyBefore($0.key, $1.key) }.compactMap { name, writes in
      let steps = writes.compactMap { numbers[$0] }
      guard steps.count > 1 else { return nil }
      return "Writes of \(name) in memory: " + steps.map(String.init).joined(separator: ", ")
    }
  }

  private func races(_ numbers: [Int: Int]) -> [String] {
    let pairs = Set(
      witness.races.map { pair in
        [numbers[pair.first] ?? 0, numbers[pair.second] ?? 0].sorted()
      })
    return pairs.sorted { $0.lexicographicallyPrecedes($1) }.map {
      "Steps \($0[0]) and \($0[1]) race."
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
