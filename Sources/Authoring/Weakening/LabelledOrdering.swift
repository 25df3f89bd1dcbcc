import Explorer
package import Publishing

/// An access or barrier of the sources that names the edge it is an end of.
package struct LabelledOrdering: Hashable, Sendable {
  /// From the root of the package.
  package let file: String
  /// The line of the call.
  package let line: Int
  package let label: String
  /// What it orders, such as `acquire`.
  package let kind: String
  /// The function that it stands in.
  package let function: String
  /// Which of several alike in its function, from 1.
  package var number = 1

  /// The name that explanations and reports use; it survives changes elsewhere in the file.
  package var name: String {
    let room = file.split(separator: "/").last.map(String.init) ?? file
    let count = number > 1 ? " #\(number)" : ""
    return "\(room) \(function) \(kind)[\(label)]\(count)"
  }

  var site: Weakening.Site { Weakening.Site(label: label, line: line) }

  /// The folders whose orderings are claims.
  static let folders = [
    "Sources/Fences", "Sources/Kernel", "Sources/Reservations", "Sources/SyncObjects",
  ]

  /// Every labelled ordering of the sources, by file and line.
  package static func all(in tree: SourceTree) -> [LabelledOrdering] {
    var found: [LabelledOrdering] = []
    for path in folders.flatMap({ swiftFiles(in: $0, tree) }) {
      let text = tree.text(of: path) ?? ""
      found += LabelledOrderingReader(path: path, text: text).orderings()
    }
    return found
  }

  private static func swiftFiles(in folder: String, _ tree: SourceTree) -> [String] {
    tree.names(in: folder).flatMap { name in
      let path = "\(folder)/\(name)"
      return tree.isFolder(path)
        ? swiftFiles(in: path, tree) : path.hasSuffix(".swift") ? [path] : []
    }
  }
}

/// Finds the labelled orderings of one file.
private struct LabelledOrderingReader {
  let path: String
  let lines: [String]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  func orderings() -> [LabelledOrdering] {
    var found: [LabelledOrdering] = []
    for (index, line) in lines.enumerated() {
      guard let label = label(in: line) else { continue }
      let call = call(endingAt: index)
      var ordering = LabelledOrdering(
        file: path, line: call.line + 1, label: label, kind: kind(in: call.text),
        function: function(above: index))
      while found.contains(where: { $0.name == ordering.name }) { ordering.number += 1 }
      found.append(ordering)
    }
    return found
  }

  private func label(in line: String) -> String? {
    let parts = line.components(before: "//").components(after: "edge: \"")
    return parts.flatMap { $0.firstIndex(of: "\"").map { end in String(parts?[..<end] ?? "") } }
  }

  /// The call whose argument the edge is: the line of its opening parenthesis, and its text.
  private func call(endingAt last: Int) -> (line: Int, text: String) {
    var depth = 0
    var text = lines[last].components(before: "edge: \"")
    for index in stride(from: last, through: max(0, last - 5), by: -1) {
      let part = index == last ? text : lines[index]
      if index != last { text = part + text }
      for character in part.reversed() {
        if character == ")" { depth += 1 }
        if character == "(" { depth -= 1 }
        if depth < 0 { return (index, text) }
      }
    }
    return (last, text)
  }

  private func kind(in call: String) -> String {
    let kinds = [
      "acquire", "release", "full", "dependency", "read", "write", "afterControl", "compiler",
      "relaxed",
    ]
    let words = call.split { !$0.isLetter && $0 != "." }
    let named = words.compactMap { word in
      word.hasPrefix(".") ? kinds.first { $0 == word.dropFirst() } : nil
    }
    return named.last ?? "full"
  }

  private func function(above line: Int) -> String {
    for index in stride(from: line, through: 0, by: -1) {
      for keyword in ["func ", "init(", "var "] {
        guard let rest = lines[index].components(after: keyword), !lines[index].hasComment,
          keyword != "var " || lines[index].hasSuffix("{")
        else { continue }
        return keyword == "init(" ? "init" : String(rest.prefix { $0.isLetter || $0.isNumber })
      }
    }
    return "file"
  }
}

extension String {
  fileprivate var hasComment: Bool { drop { $0 == " " }.hasPrefix("//") }

  /// What comes before the first occurrence, or everything.
  fileprivate func components(before mark: String) -> String {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return String(self[..<rest.startIndex]) }
      rest = rest.dropFirst()
    }
    return self
  }

  /// What comes after the first occurrence, or nil.
  fileprivate func components(after mark: String) -> String? {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return String(rest.dropFirst(mark.count)) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
