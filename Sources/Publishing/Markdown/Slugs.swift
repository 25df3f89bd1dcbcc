/// Hands out the identifiers of headings, each once, by the rule that code hosts use.
struct Slugs {
  private var used: [String: Int] = [:]

  /// The identifier for a heading with this text.
  mutating func next(for text: String) -> String {
    var slug = ""
    for character in text.lowercased() {
      if character.isLetter || character.isNumber || character == "_" || character == "-" {
        slug.append(character)
      } else if character == " " {
        slug.append("-")
      }
    }
    if slug.isEmpty { slug = "section" }
    let count = used[slug, default: 0]
    used[slug] = count + 1
    guard count > 0 else { return slug }
    return next(for: "\(slug)-\(count)")
  }
}
