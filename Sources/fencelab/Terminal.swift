internal import Glibc
internal import Grading

/// What this process is connected to.
enum Terminal {
  /// Whether somebody reads the output on a screen.
  static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether escape codes may appear: never in a pipe, and not against the user's wish.
  static var isStyled: Bool {
    // Safety: the environment is not changed while the program runs.
    let refuses = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? false
    return isInteractive && !refuses && !isDumb
  }

  /// The style of reports.
  static var reportStyle: ReportStyle { ReportStyle(isStyled: isStyled) }

  /// Shows text at once.
  static func write(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
  }
}
