/// Walks through a replayed schedule, forward and back, one key a step.
public struct StepWalk {
  private let session: ReplaySession
  private let style: ReportStyle
  private let write: (String) -> Void

  /// Prepares a walk.
  public init(_ session: ReplaySession, style: ReportStyle, write: @escaping (String) -> Void) {
    self.session = session
    self.style = style
    self.write = write
  }

  /// Shows the first step and follows the keys until `q`.
  public func run(keys: KeyReader) {
    var shown = min(1, session.stepCount)
    while true {
      if style.isStyled { write("\u{1B}[H\u{1B}[2J\u{1B}[3J") }
      write(session.text(upTo: shown, style: style) + "\n\n")
      write(style.dim("f forward · b back · e end · q quit") + "\n")
      switch keys.key() {
      case "f", " ", "\n", "\r": shown = min(shown + 1, session.stepCount)
      case "b": shown = max(shown - 1, min(1, session.stepCount))
      case "e": shown = session.stepCount
      case "q": return
      default: break
      }
    }
  }
}
