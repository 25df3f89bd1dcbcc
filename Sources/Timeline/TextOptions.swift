/// The characters a drawing may use.
public enum Repertoire: Sendable, Hashable {
  /// Box-drawing characters and signs; the text of events stands as it is.
  case unicode
  /// Printable ASCII only; other characters of the text become their nearest ASCII form or `?`.
  case ascii
}

/// How a drawing is printed on a terminal.
public struct TextOptions: Sendable, Hashable {
  /// The widest line, clamped to `Limits.columnCountMin ... Limits.columnCountMax`.
  public let columns: Int
  /// The characters that may appear.
  public let repertoire: Repertoire
  /// Whether escape codes for bold, dim and colour may appear.
  public let styled: Bool

  /// Chooses a width, the characters and whether escape codes may appear.
  public init(
    columns: Int = Limits.columnCountMax, repertoire: Repertoire = .unicode, styled: Bool = false
  ) {
    self.columns = min(max(columns, Limits.columnCountMin), Limits.columnCountMax)
    self.repertoire = repertoire
    self.styled = styled
  }

  /// No escape codes, at most 100 columns: what a pipe, a golden test and a woven lesson get.
  public static let plain = TextOptions()
}
