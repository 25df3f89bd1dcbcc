/// Cuts the regions out of a source file that lessons show.
///
/// A region stands between `// snippet: NAME` and `// end snippet`; the markers never show.
package enum Snippet {
  /// The lines of `region`, or of the whole file, without markers and shared indentation.
  ///
  /// - Returns: nil when the file has no such region, or it never ends.
  package static func extract(_ region: String?, from source: String) -> String? {
    let lines = source.lines
    guard let region else { return join(lines.filter { marker($0) == nil }) }
    var taken: [Substring]?
    for line in lines {
      switch marker(line) {
      case .begin(let name): if name == region { taken = [] }
      case .end: if let taken { return join(taken) }
      case nil: taken?.append(line)
      }
    }
    return nil
  }

  /// The names of all regions in a file, in its order.
  package static func regions(in source: String) -> [String] {
    source.lines.compactMap { line in
      if case .begin(let name)? = marker(line) { String(name) } else { nil }
    }
  }

  private enum Marker {
    case begin(Substring)
    case end
  }

  private static func marker(_ line: Substring) -> Marker? {
    let text = line.drop(while: \.isWhitespace)
    if text == "// end snippet" { return .end }
    let prefix = "// snippet: "
    return text.hasPrefix(prefix) ? .begin(text.dropFirst(prefix.count)) : nil
  }

  private static func join(_ lines: [Substring]) -> String {
    var lines = lines[...]
    while let first = lines.first, first.allSatisfy(\.isWhitespace) { lines.removeFirst() }
    while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
    let indentation =
      lines.filter { !$0.allSatisfy(\.isWhitespace) }
      .map { $0.prefix(while: { $0 == " " }).count }.min() ?? 0
    return lines.map { $0.dropFirst(indentation) + "\n" }.joined()
  }
}
