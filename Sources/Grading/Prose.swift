/// Text that people wrote for any width, laid out for one.
package struct Prose {
  private let text: String

  package init(_ text: String) { self.text = text }

  /// Paragraphs and items of lists flow; code and blank lines stay as they are, and a line of code
  /// that is too long goes on below.
  package func lines(columns: Int) -> [String] {
    var lines: [String] = []
    var paragraph = ""
    var isCode = false
    func flush() {
      guard !paragraph.isEmpty else { return }
      let isItem = paragraph.hasPrefix("- ")
      lines += ReportStyle(columns: columns).wrapped(paragraph, indent: isItem ? 2 : 0)
      paragraph = ""
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        flush()
        isCode.toggle()
      } else if isCode {
        lines += Self.folded("  " + line, columns: columns)
      } else if line.trimmed.isEmpty {
        flush()
        lines.append("")
      } else if line.hasPrefix("- ") {
        flush()
        paragraph = String(line)
      } else {
        paragraph += (paragraph.isEmpty ? "" : " ") + line.trimmed
      }
    }
    flush()
    return lines
  }

  /// A line of code in pieces that fit.
  package static func folded(_ line: some StringProtocol, columns: Int) -> [String] {
    var pieces: [String] = []
    var rest = Substring(line)
    while rest.count > columns {
      pieces.append(String(rest.prefix(columns)))
      rest = rest.dropFirst(columns)
    }
    return pieces + [String(rest)]
  }
}
