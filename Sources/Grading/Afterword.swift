/// What a learner reads after a pass: why the solution works, and what to try next.
///
/// `after.md` holds it in two sections, `## Why it works` and `## Harder`.
public struct Afterword: Sendable, Hashable {
  /// Why the solution works.
  public let why: String
  /// A harder variant of the exercise.
  public let harder: String

  /// Reads both sections; nil where one of them is missing or empty.
  package init?(_ markdown: String) {
    var sections: [String: String] = [:]
    var name = ""
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") {
        name = String(line.dropFirst(3))
      } else {
        sections[name, default: ""] += line + "\n"
      }
    }
    guard let why = sections["Why it works"]?.trimmed, !why.isEmpty,
      let harder = sections["Harder"]?.trimmed, !harder.isEmpty
    else { return nil }
    self.why = why
    self.harder = harder
  }

  /// Both, under their names.
  public var text: String { "Why it works\n\n\(why)\n\nHarder\n\n\(harder)" }
}
