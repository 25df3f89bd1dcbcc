/// What a reader must notice about one event.
///
/// A mark is a sign and a word, never a colour alone.
public enum Mark: String, Sendable, Hashable, CaseIterable {
  /// The event that broke a rule.
  case violation
  /// An earlier event the violation needs: the other access of a race, the free before a use.
  case cause
  /// An event worth a look that broke nothing.
  case notice

  /// The sign printed in front of the event, one column wide.
  public func sign(_ repertoire: Repertoire = .unicode) -> String {
    switch (self, repertoire) {
    case (.violation, .unicode): "✗"
    case (.violation, .ascii): "X"
    case (.cause, .unicode): "●"
    case (.cause, .ascii): "@"
    case (.notice, .unicode): "▸"
    case (.notice, .ascii): ">"
    }
  }

  /// The word a screen reader or a legend uses for the sign.
  public var word: String {
    switch self {
    case .violation: "broke the rule"
    case .cause: "led to it"
    case .notice: "note"
    }
  }
}
