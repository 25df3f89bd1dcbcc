/// The library that colours listings, as the checkout brings it along.
///
/// It stays a file of its own and is read when the site is built: as a constant of the program it
/// would cost every build of this target more time than it is worth.
enum Highlighter {
  private static let folder = "Sources/Publishing/Vendor"
  private static let parts = ["core", "clike", "c", "swift"]

  /// The script with its licence, or nil in a tree without it; listings are then left plain.
  static func script(in tree: SourceTree) -> String? {
    guard let licence = tree.text(of: "\(folder)/LICENSE") else { return nil }
    let texts = parts.compactMap { tree.text(of: "\(folder)/prism-\($0).min.js") }
    guard texts.count == parts.count else { return nil }
    return "/*!\n\(licence)*/\n" + texts.joined(separator: "\n") + "\n"
  }
}
