/// The line that opens a fenced block: a word, then options, a title and flags in any order.
///
/// `quiz id=when kind=why`, `note "Two meanings of done"`, `swift from=Sources/A.swift#signal`.
package struct InfoString: Equatable, Sendable {
  /// The first word; empty for a block without one.
  package private(set) var word = ""

  /// The quoted text that stands by itself, if there is one.
  package private(set) var title: String?

  /// `key=value` pairs.
  package private(set) var options: [String: String] = [:]

  /// Words without a value.
  package private(set) var flags: [String] = []

  /// Reads an info string; every text has a meaning, so nothing fails here.
  package init(_ text: String) {
    var rest = Substring(text)
    var isFirst = true
    while true {
      rest = rest.drop(while: \.isWhitespace)
      if rest.isEmpty { return }
      if let quoted = Self.takeQuoted(&rest) {
        title = quoted
      } else {
        let key = Self.take(from: &rest) { !$0.isWhitespace && $0 != "=" }
        if rest.first == "=" {
          rest.removeFirst()
          options[key] = Self.takeQuoted(&rest) ?? Self.take(from: &rest) { !$0.isWhitespace }
        } else if isFirst {
          word = key
        } else {
          flags.append(key)
        }
      }
      isFirst = false
    }
  }

  private static func take(
    from rest: inout Substring, while belongs: (Character) -> Bool
  ) -> String {
    let taken = rest.prefix(while: belongs)
    rest = rest[taken.endIndex...]
    return String(taken)
  }

  private static func takeQuoted(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else { return nil }
    let content = rest.dropFirst().prefix { $0 != "\"" }
    rest = rest[content.endIndex...].dropFirst()
    return String(content)
  }
}
