/// One text file of the repository, as the rules read it.
struct SourceFile: Sendable {
  /// Path from the repository's root, with slashes.
  let path: String
  let bytes: [UInt8]
  /// The Swift code with comments and strings blanked; empty for other languages.
  let code: [UInt8]
  /// The Swift comments with everything else blanked; empty for other languages.
  let comments: [UInt8]
  private let lineStarts: [Int]

  init(_ path: String, _ text: String) { self.init(path, bytes: Array(text.utf8)) }

  init(_ path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    lineStarts =
      [0] + bytes.indices.filter { bytes[$0] == .newline && $0 + 1 < bytes.count }.map { $0 + 1 }
    let mask = path.hasSuffix(".swift") ? SourceMask(bytes) : SourceMask([])
    code = mask.code
    comments = mask.comments
  }

  var isSwift: Bool { path.hasSuffix(".swift") }
  var isMarkdown: Bool { path.hasSuffix(".md") }
  var lineCount: Int { bytes.isEmpty ? 0 : lineStarts.count }

  /// `Sources/T/…` belongs to target T, `Lessons/…` to LessonDemos; anything else to no target.
  var target: String? {
    let parts = path.split(separator: "/")
    if parts.first == "Lessons" { return "LessonDemos" }
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  func isUnder(_ folders: [String]) -> Bool {
    folders.contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  /// The line, counted from 1, that holds the byte at `offset`.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// One line, counted from 1, of the whole text or of one of its masks.
  func line(_ number: Int, of part: KeyPath<SourceFile, [UInt8]> = \.bytes) -> String {
    let all = self[keyPath: part]
    guard number >= 1, number <= lineStarts.count, !all.isEmpty else { return "" }
    let end = number < lineStarts.count ? lineStarts[number] - 1 : all.count
    let bytes = all[min(lineStarts[number - 1], end)..<end]
    let trimmed = bytes.last == .newline ? bytes.dropLast() : bytes
    return String(decoding: trimmed, as: UTF8.self)
  }

  /// Byte offsets at which `needle` stands on its own, not as a part of a longer word.
  func occurrences(
    of needle: String, in part: KeyPath<SourceFile, [UInt8]> = \.code
  ) -> [Int] {
    let text = self[keyPath: part]
    let wanted = Array(needle.utf8)
    guard let first = wanted.first, let last = wanted.last, text.count >= wanted.count else {
      return []
    }
    return text.indices.dropLast(wanted.count - 1).filter { start in
      guard text[start] == first, text[start...].starts(with: wanted) else { return false }
      let end = start + wanted.count
      let clearBefore = !first.isIdentifier || start == 0 || !text[start - 1].isIdentifier
      let clearAfter = !last.isIdentifier || end == text.count || !text[end].isIdentifier
      return clearBefore && clearAfter
    }
  }

  /// The comment lines that speak about the line `number`: up to `reach` lines above and its own.
  func commentary(on number: Int, through last: Int? = nil, reach: Int = 3) -> String {
    (max(1, number - reach)...(last ?? number))
      .map { line($0, of: \.comments).drop { $0 == " " || $0 == "/" } }
      .joined(separator: " ")
  }
}
