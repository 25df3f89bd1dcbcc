extension SourceFile {
  /// The numbered lines of a page that lie outside its fenced blocks.
  var proseLines: [(number: Int, text: String)] { pageLines.filter { !$0.isFenced }.map(\.line) }

  /// The numbered lines that open a fenced block.
  var fenceOpenings: [(number: Int, text: String)] { pageLines.filter(\.opens).map(\.line) }

  private typealias PageLine = (
    line: (number: Int, text: String), isFenced: Bool, opens: Bool
  )

  private var pageLines: [PageLine] {
    guard isMarkdown else { return [] }
    var open: Substring?
    return (1...max(1, lineCount)).map { number in
      let text = line(number)
      let marks = fence(text)
      guard let current = open else {
        open = marks
        return ((number, text), marks != nil, marks != nil)
      }
      let closes = marks.map { $0.hasPrefix(current) && text.hasSuffix($0) } ?? false
      if closes { open = nil }
      return ((number, text), true, false)
    }
  }

  /// The run of three or more backticks or tildes that a line begins with.
  private func fence(_ line: String) -> Substring? {
    let text = line.drop { $0 == " " }
    guard let mark = text.first, mark == "`" || mark == "~" else { return nil }
    let run = text.prefix { $0 == mark }
    return run.count >= 3 ? run : nil
  }
}

/// The parts of a line between backticks.
func backticked(_ line: String) -> [String] {
  let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
  return pieces.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
}
