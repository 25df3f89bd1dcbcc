/// A named region of a Swift file that a page can show.
struct Snippet: Hashable {
  let path: String
  let name: String
}

extension SourceFile {
  /// The lines that open a snippet, with its name, and those that close one, with `nil`.
  var snippetMarkers: [(name: String?, line: Int)] {
    guard isSwift else { return [] }
    return (1...max(1, lineCount)).compactMap { number in
      let words = line(number, of: \.comments).split { $0 == " " || $0 == "/" }
      if words == ["end", "snippet"] { return (nil, number) }
      return words.count == 2 && words[0] == "snippet:" ? (String(words[1]), number) : nil
    }
  }

  /// The snippets a page shows: `from=PATH#NAME` on a fenced block's first line.
  var snippetReferences: [(snippet: Snippet, line: Int)] {
    fenceOpenings.flatMap { number, text in
      text.split(separator: " ").filter { $0.hasPrefix("from=") }.compactMap { word in
        let parts = word.dropFirst(5).split(separator: "#")
        guard parts.count == 2, parts[0].hasSuffix(".swift") else { return nil }
        return (Snippet(path: String(parts[0]), name: String(parts[1])), number)
      }
    }
  }
}

/// Markers come in pairs, with a name each, and do not nest.
func unbalancedSnippets(in file: SourceFile) -> [Violation] {
  var open: (name: String, line: Int)?
  var seen: Set<String> = []
  var found: [Violation] = []
  func report(_ line: Int, _ repair: String) {
    found.append(Violation(file: file.path, line: line, rule: "snippet markers", repair: repair))
  }
  for marker in file.snippetMarkers {
    if let name = marker.name {
      if let open { report(open.line, "end `\(open.name)` before the next snippet begins.") }
      if !seen.insert(name).inserted { report(marker.line, "`\(name)` is taken in this file.") }
      open = (name, marker.line)
    } else if open == nil {
      report(marker.line, "nothing is open here: remove the marker.")
    } else {
      open = nil
    }
  }
  if let open { report(open.line, "end `\(open.name)` with `// end snippet`.") }
  return found
}

/// A marker that no page shows, or a page that shows what no file has.
func danglingSnippets(in files: [SourceFile]) -> [Violation] {
  let references = files.flatMap { file in
    file.snippetReferences.map { (file: file.path, $0.snippet, $0.line) }
  }
  let wanted = Set(references.map(\.1))
  let marked = files.flatMap { file in
    file.snippetMarkers.compactMap { marker in
      marker.name.map { (snippet: Snippet(path: file.path, name: $0), line: marker.line) }
    }
  }
  let present = Set(marked.map(\.snippet))
  // Before the first page shows a snippet, the markers stand in advance.
  let dead = marked.filter { !wanted.isEmpty && !wanted.contains($0.snippet) }.map {
    Violation(
      file: $0.snippet.path, line: $0.line, rule: "snippet references",
      repair: "no page shows `\($0.snippet.name)`: remove the markers, or show it.")
  }
  let missing = references.filter { !present.contains($0.1) }.map {
    Violation(
      file: $0.file, line: $0.2, rule: "snippet references",
      repair: "\($0.1.path) has no `// snippet: \($0.1.name)`: correct the path or the name.")
  }
  return dead + missing
}
