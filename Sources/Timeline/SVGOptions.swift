/// How a drawing becomes SVG.
public struct SVGOptions: Sendable, Hashable {
  /// Begins every `id` of the drawing, so that several fit into one page.
  public let prefix: String
  /// Whether the drawing sets its own ink and paper; one that stands in a page takes the page's.
  public let isStandalone: Bool

  /// Chooses the prefix of identities and whether the drawing is a file of its own.
  ///
  /// - Parameter prefix: A drawing's name; characters that an `id` may not have become hyphens.
  public init(prefix: String, isStandalone: Bool = false) {
    let allowed = prefix.map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
    }
    self.prefix = "fl-" + String(allowed)
    self.isStandalone = isStandalone
  }
}
