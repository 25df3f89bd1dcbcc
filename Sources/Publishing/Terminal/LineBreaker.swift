/// Breaks running text into lines by the width of words, never inside one.
struct LineBreaker {
  /// Columns a line may take.
  let width: Int

  /// Breaks `spans` into lines; a word wider than a line stands alone, uncut.
  func lines(of spans: [TerminalSpan]) -> [[TerminalSpan]] {
    var lines: [[TerminalSpan]] = []
    var line: [TerminalSpan] = []
    var used = 0
    for word in Self.words(of: spans) {
      if word.isBreak {
        lines.append(line)
        line = []
        used = 0
        continue
      }
      if used > 0, used + 1 + word.columns > width {
        lines.append(line)
        line = []
        used = 0
      }
      if used > 0 {
        Self.append(word.space, to: &line)
        used += 1
      }
      for span in word.spans { Self.append(span, to: &line) }
      used += word.columns
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// Text between two blanks; it may change its look in the middle.
  private struct Word {
    var spans: [TerminalSpan] = []
    var isBreak = false

    /// The blank before the word, which keeps the look of what it joins.
    var space = TerminalSpan(text: " ")

    var columns: Int { spans.reduce(0) { $0 + $1.text.columns } }
  }

  private static func words(of spans: [TerminalSpan]) -> [Word] {
    var words: [Word] = []
    var isOpen = false
    for span in spans {
      var rest = span.text[...]
      while let first = rest.first {
        if first == "\n" {
          words.append(Word(isBreak: true))
          isOpen = false
          rest.removeFirst()
        } else if first == " " {
          isOpen = false
          rest.removeFirst()
        } else {
          let text = rest.prefix { $0 != " " && $0 != "\n" }
          rest = rest[text.endIndex...]
          var piece = span
          piece.text = String(text)
          if isOpen {
            words[words.count - 1].spans.append(piece)
          } else {
            var word = Word(spans: [piece])
            if let last = words.last?.spans.last, last.look == span.look, last.link == span.link {
              word.space = TerminalSpan(text: " ", look: span.look, link: span.link)
            }
            words.append(word)
          }
          isOpen = true
        }
      }
    }
    return words
  }

  private static func append(_ span: TerminalSpan, to line: inout [TerminalSpan]) {
    if let last = line.last, last.look == span.look, last.link == span.link {
      line[line.count - 1].text += span.text
    } else {
      line.append(span)
    }
  }
}
