/// A function, initialiser, subscript or computed property with a body.
struct Declaration {
  /// Without its parameters; raw identifiers without their backticks.
  let name: String
  let lines: ClosedRange<Int>
  let body: Range<Int>

  var length: Int { lines.count }
}

extension SourceFile {
  /// Every declaration of the file that has a body, outer before inner.
  var declarations: [Declaration] {
    ["func", "init", "deinit", "subscript", "var"]
      .flatMap { keyword in
        occurrences(of: keyword).compactMap { declaration(keyword, at: $0) }
      }
      .sorted { $0.body.lowerBound < $1.body.lowerBound }
  }

  /// The name of the innermost declaration around the byte at `offset`.
  func enclosingName(of offset: Int, among declarations: [Declaration]) -> String? {
    declarations.last { $0.body.contains(offset) }?.name
  }

  private func declaration(_ keyword: String, at start: Int) -> Declaration? {
    if start > 0, code[start - 1] == UInt8(ascii: ".") { return nil }
    let signature = start + keyword.utf8.count
    guard let open = bodyOpening(from: signature, isVariable: keyword == "var"),
      let close = closing(of: open)
    else { return nil }
    let name = ["func", "var"].contains(keyword) ? word(after: signature) : keyword
    return Declaration(
      name: name, lines: line(at: start)...line(at: close), body: open..<close + 1)
  }

  /// The brace that opens the body of the declaration whose signature begins at `start`.
  private func bodyOpening(from start: Int, isVariable: Bool) -> Int? {
    var depth = 0
    var offset = start
    while offset < code.count {
      switch code[offset] {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "{") where depth == 0: return offset
      case UInt8(ascii: "}") where depth == 0: return nil
      case UInt8(ascii: "=") where depth == 0 && isVariable: return nil
      case .newline where depth == 0:
        if !signatureContinues(after: offset) { return nil }
      default: break
      }
      if depth < 0 { return nil }
      offset += 1
    }
    return nil
  }

  private func signatureContinues(after newline: Int) -> Bool {
    let next = String(decoding: code[newline...].drop(while: \.isSpace).prefix(8), as: UTF8.self)
    let starters = ["{", "->", "where", "throws", "async", "rethrows"]
    if starters.contains(where: next.hasPrefix) { return true }
    let before = code[..<newline].reversed().drop(while: \.isSpace)
    return before.first == UInt8(ascii: ",") || before.starts(with: "erehw".utf8)
  }

  /// The bracket that closes the one at `open`.
  func closing(of open: Int) -> Int? {
    var depth = 0
    for offset in open..<code.count {
      switch code[offset] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth == 0 { return offset }
    }
    return nil
  }

  private func word(after start: Int) -> String {
    let rest = bytes[start...].drop(while: \.isSpace)
    if rest.first == UInt8(ascii: "`") {
      return String(decoding: rest.dropFirst().prefix { $0 != UInt8(ascii: "`") }, as: UTF8.self)
    }
    let stops = [UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: ":")]
    return String(decoding: rest.prefix { !$0.isSpace && !stops.contains($0) }, as: UTF8.self)
  }
}
