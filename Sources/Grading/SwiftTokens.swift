/// The words of a Swift file that are code: comments and string literals are left out, code inside
/// interpolations is not.
///
/// It knows enough of the language to tell code from text; what the code means is the compiler's
/// business.
package struct SwiftTokens {
  /// One identifier, keyword, attribute or punctuation character.
  package struct Token {
    package enum Kind { case word, attribute, number, punctuation }
    package let kind: Kind
    /// Without backticks; an attribute keeps its `@`.
    package let text: Substring
    /// Where it stands, backticks included.
    let range: Range<String.Index>
    package let line: Int
  }

  package private(set) var tokens: [Token] = []
  private let text: String
  private var position: String.Index
  private var line = 1

  package init(_ text: String) {
    self.text = text
    position = text.startIndex
    scan(untilParenthesis: false)
  }

  private var rest: Substring { text[position...] }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where position < text.endIndex {
      if text[position].isNewline { line += 1 }
      position = text.index(after: position)
    }
  }

  private mutating func scan(untilParenthesis: Bool) {
    var depth = 0
    while position < text.endIndex {
      let character = text[position]
      if rest.hasPrefix("//") {
        while position < text.endIndex, !text[position].isNewline { advance() }
      } else if rest.hasPrefix("/*") {
        skipComment()
      } else if character == "\"" || (character == "#" && rest.drop { $0 == "#" }.first == "\"") {
        skipString()
      } else if character == "@" || character == "`" || character.startsWord {
        takeWord()
      } else {
        if character == "(" { depth += 1 }
        if character == ")" {
          if untilParenthesis && depth == 0 { return }
          depth -= 1
        }
        if !character.isWhitespace { append(.punctuation, from: position, length: 1) }
        advance()
      }
    }
  }

  private mutating func takeWord() {
    let start = position
    let startLine = line
    if text[position] == "`" {
      advance()
      while position < text.endIndex, text[position] != "`", !text[position].isNewline { advance() }
      advance()
      let word = text[start..<position].filter { $0 != "`" }
      tokens.append(
        Token(kind: .word, text: Substring(word), range: start..<position, line: startLine))
      return
    }
    let kind: Token.Kind =
      text[start] == "@" ? .attribute : text[start].isNumber ? .number : .word
    advance()
    if kind == .attribute { while rest.first == " " { advance() } }
    while position < text.endIndex, text[position].continuesWord { advance() }
    var word = text[start..<position]
    if kind == .attribute { word = Substring(word.filter { $0 != " " }) }
    tokens.append(Token(kind: kind, text: word, range: start..<position, line: startLine))
  }

  private mutating func append(_ kind: Token.Kind, from start: String.Index, length: Int) {
    let end = text.index(start, offsetBy: length)
    tokens.append(Token(kind: kind, text: text[start..<end], range: start..<end, line: line))
  }

  /// Comments nest.
  private mutating func skipComment() {
    var depth = 0
    repeat {
      if rest.hasPrefix("/*") {
        depth += 1
        advance(2)
      } else if rest.hasPrefix("*/") {
        depth -= 1
        advance(2)
      } else {
        advance()
      }
    } while depth > 0 && position < text.endIndex
  }

  private mutating func skipString() {
    let pounds = rest.prefix { $0 == "#" }
    advance(pounds.count)
    let isLong = rest.hasPrefix("\"\"\"")
    let quote = isLong ? "\"\"\"" : "\""
    advance(quote.count)
    while position < text.endIndex {
      if rest.hasPrefix(quote + pounds) {
        advance(quote.count + pounds.count)
        return
      }
      if !isLong && text[position].isNewline { return }
      if rest.hasPrefix("\\\(pounds)(") {
        advance(2 + pounds.count)
        scan(untilParenthesis: true)
        advance()
      } else if rest.hasPrefix("\\\(pounds)") {
        advance(2 + pounds.count)
      } else {
        advance()
      }
    }
  }
}

extension Character {
  fileprivate var startsWord: Bool { isLetter || isNumber || self == "_" || self == "$" }
  fileprivate var continuesWord: Bool { startsWord }
}
