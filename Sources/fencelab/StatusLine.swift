/// One line on standard error that is written again and again, where somebody looks at it.
struct StatusLine {
  func show(_ text: String) {
    guard Terminal.showsErrors else { return }
    // Without escape codes a carriage return and spaces do.
    let line = String(text.prefix(Self.columns))
    let rest = String(repeating: " ", count: Self.columns - line.count)
    Terminal.writeError(Terminal.isStyled ? "\r\u{1B}[K\(line)" : "\r\(line)\(rest)")
  }

  func clear() {
    guard Terminal.showsErrors else { return }
    let blank = String(repeating: " ", count: Self.columns)
    Terminal.writeError(Terminal.isStyled ? "\r\u{1B}[K" : "\r\(blank)\r")
  }

  private static let columns = 79
}
