/// The same program in other words: every local has another name, and the declarations of the file
/// stand in reverse order.
///
/// A verdict must not depend on either. The transformation is mechanical and works on words, so it
/// leaves alone whatever it cannot be sure about.
package struct Disguise {
  /// The disguised text.
  package let text: String

  package init(_ source: String) {
    let locals = Self.locals(in: SwiftTokens(source).tokens)
    text = Self.reordered(Self.renamed(source, locals))
  }

  // MARK: - Names

  /// Names that are declared inside of function bodies and nowhere else.
  private static func locals(in tokens: [SwiftTokens.Token]) -> Set<Substring> {
    var locals: Set<Substring> = []
    var others: Set<Substring> = []
    var scopes = Scopes()
    for (index, token) in tokens.enumerated() {
      scopes.enter(token)
      guard let name = declaredName(at: index, in: tokens) else { continue }
      if scopes.isInCode && token.text != "func" {
        locals.insert(name)
      } else {
        others.insert(name)
      }
    }
    others.formUnion(parameters(in: tokens))
    return locals.subtracting(others).filter { $0 != "_" && $0 != "self" }
  }

  /// The name that a `let`, `var`, `for` or `func` at this place introduces.
  private static func declaredName(at index: Int, in tokens: [SwiftTokens.Token]) -> Substring? {
    guard ["let", "var", "for", "func"].contains(tokens[index].text),
      tokens[index].kind == .word, index + 2 < tokens.count
    else { return nil }
    let name = tokens[index + 1]
    guard name.kind == .word, !["let", "var", "case", "try", "await"].contains(name.text) else {
      return nil
    }
    if tokens[index].text == "for", tokens[index + 2].text != "in" { return nil }
    return name.text
  }

  /// Names of the parameters of every `func`, `init` and `subscript`.
  private static func parameters(in tokens: [SwiftTokens.Token]) -> Set<Substring> {
    var names: Set<Substring> = []
    for index in tokens.indices where ["func", "init", "subscript"].contains(tokens[index].text) {
      if index > 0, tokens[index - 1].text == "." { continue }
      var depth = 0
      for position in tokens[index...].indices.dropFirst() {
        let text = tokens[position].text
        if text == "{" || text == "}" { break }
        if text == "(" { depth += 1 }
        if text == ")" { depth -= 1 }
        if depth == 0, text == ")" { break }
        let before = tokens[position - 1]
        if text == ":", before.kind == .word { names.insert(before.text) }
      }
    }
    return names
  }

  /// Whether this word labels an argument: `name:` behind a parenthesis or a comma.
  private static func isLabel(at index: Int, in tokens: [SwiftTokens.Token]) -> Bool {
    guard index > 0, index + 1 < tokens.count else { return false }
    return tokens[index + 1].text == ":" && ["(", ","].contains(tokens[index - 1].text)
  }

  private static func renamed(_ source: String, _ locals: Set<Substring>) -> String {
    var result = ""
    var position = source.startIndex
    let tokens = SwiftTokens(source).tokens
    for (index, token) in tokens.enumerated() where token.kind == .word {
      let isMember = index > 0 && tokens[index - 1].text == "."
      guard locals.contains(token.text), !isMember, !isLabel(at: index, in: tokens),
        source[token.range.lowerBound] != "`"
      else { continue }
      result += source[position..<token.range.upperBound] + "Renamed"
      position = token.range.upperBound
    }
    return result + source[position...]
  }

  // MARK: - Order

  /// Paragraphs of the file's top level in reverse order; its imports stay first.
  private static func reordered(_ source: String) -> String {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.contains(where: { $0.hasPrefix("#") }) { return source }
    let depths = openBraces(in: source, lineCount: lines.count)
    var paragraphs: [[Substring]] = [[]]
    for (index, line) in lines.enumerated() {
      if line.isEmpty && depths[index] == 0 {
        if !paragraphs[paragraphs.count - 1].isEmpty { paragraphs.append([]) }
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    let isHead: ([Substring]) -> Bool = { paragraph in
      paragraph.allSatisfy { $0.hasPrefix("import ") || $0.hasPrefix("//") }
    }
    let head = paragraphs.prefix(while: isHead)
    let body = paragraphs.dropFirst(head.count).filter { !$0.isEmpty }
    return (Array(head) + body.reversed()).map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  /// For every line, how many brackets are open where it begins.
  private static func openBraces(in source: String, lineCount: Int) -> [Int] {
    var changes = Array(repeating: 0, count: lineCount + 1)
    for token in SwiftTokens(source).tokens where token.kind == .punctuation {
      if ["{", "(", "["].contains(token.text) { changes[token.line] += 1 }
      if ["}", ")", "]"].contains(token.text) { changes[token.line] -= 1 }
    }
    var depth = 0
    return (0..<lineCount).map { line in
      depth += changes[line]
      return depth
    }
  }
}

/// Follows braces and knows which of them hold code, and which the members of a type.
private struct Scopes {
  private var isType: [Bool] = []
  private var isTypeNext = false

  /// Whether the last token stands in a function's or a closure's body.
  var isInCode: Bool { isType.last == false }

  mutating func enter(_ token: SwiftTokens.Token) {
    switch token.text {
    case "struct", "class", "enum", "extension", "protocol", "actor": isTypeNext = true
    case "func", "init", "subscript", "var", "let": isTypeNext = false
    case "{":
      isType.append(isTypeNext)
      isTypeNext = false
    case "}": _ = isType.popLast()
    default: break
    }
  }
}
