internal import Explorer
public import Grading

/// Walks through a schedule, forward and back, one key a step.
public struct ScheduleWalk {
  private let failure: FailureReport
  private let table: ScheduleTable
  private let style: ReportStyle
  private let rowsMax: Int
  private let write: (String) -> Void

  /// Prepares a walk; nil where there is nothing to walk through.
  ///
  /// - Parameter lines: Lines of the terminal.
  public init?(
    _ session: any ReplayedSchedule, style: ReportStyle, lines: Int,
    write: @escaping (String) -> Void
  ) {
    guard case .failed(let failure) = session.ending, !failure.steps.isEmpty else { return nil }
    self.failure = failure
    table = ScheduleTable(failure, isVerbose: true)
    self.style = style
    rowsMax = max(lines - Self.linesAround, 3)
    self.write = write
  }

  /// Lines above and below the steps.
  private static let linesAround = 9

  /// Shows the first step and follows the keys until `q`.
  public func run(keys: KeyReader) {
    let count = failure.steps.count
    var shown = 1
    while true {
      if style.isStyled { write("\u{1B}[H\u{1B}[2J\u{1B}[3J") }
      write(page(shown) + "\n")
      switch Direction(keys) {
      case .forward: shown = min(shown + 1, count)
      case .back: shown = max(shown - 1, 1)
      case .start: shown = 1
      case .end: shown = count
      case .quit: return
      case nil: break
      }
    }
  }

  /// Everything that stands on the screen after so many steps.
  func page(_ shown: Int) -> String {
    let count = failure.steps.count
    var lines = [table.text(style, rows: max(shown - rowsMax, 0)..<shown)]
    let step = failure.steps[shown - 1]
    lines += style.wrapped("step \(shown) of \(count)  \(step.thread): \(step.event)", indent: 2)
    if shown == count {
      lines += [style.bad("✗ \(failure.verdict.rawValue) (\(failure.rule))")]
      lines += style.wrapped(failure.message, indent: 2)
    } else {
      lines += ["", ""]
    }
    let help = "→ or f forward · ← or b back · a start · e end · q quit"
    return (lines + [style.dim(help)]).joined(separator: "\n")
  }
}

/// What a key means to somebody who walks.
private enum Direction {
  case forward, back, start, end, quit

  /// Waits for a key; nil where it means nothing.
  init?(_ keys: KeyReader) {
    switch keys.next() {
    case .enter, .right, .down, .pageDown: self = .forward
    case .left, .up, .pageUp: self = .back
    case .home: self = .start
    case .end: self = .end
    case .interrupt: self = .quit
    case .character(let character):
      switch character {
      case "f", " ", "j", "n": self = .forward
      case "b", "k", "p": self = .back
      case "a", "g": self = .start
      case "e", "G": self = .end
      case "q": self = .quit
      default: return nil
      }
    default: return nil
    }
  }
}

/// A schedule that was performed again.
public protocol ReplayedSchedule {
  /// How it went.
  var ending: ReplaySession.Ending { get }
  /// Whether it broke the rule again.
  var isReproduced: Bool { get }
  /// All of it as lanes, and below what broke.
  func text(style: ReportStyle) -> String
}

extension ReplaySession: ReplayedSchedule {}
