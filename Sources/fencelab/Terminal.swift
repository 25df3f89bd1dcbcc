internal import Glibc
internal import Grading
internal import Publishing

/// What this process is connected to.
enum Terminal {
  /// Whether somebody reads the output on a screen.
  static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether somebody reads on a screen what goes wrong, and how it goes.
  static var showsErrors: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether escape codes may appear: never in a pipe, and not against the user's wish.
  static var isStyled: Bool {
    let refuses = variable("NO_COLOR").map { !$0.isEmpty } ?? false
    return isInteractive && !refuses && variable("TERM") != "dumb"
  }

  /// Whether screens can be drawn.
  static var canMoveCursor: Bool { isInteractive && variable("TERM") != "dumb" }

  /// The style of reports: as wide as the screen, at most as a report.
  static var reportStyle: ReportStyle {
    ReportStyle(isStyled: isStyled, columns: size.columns)
  }

  /// Lines of the screen.
  static var lines: Int { size.lines }

  private static var size: (columns: Int, lines: Int) {
    var size = winsize()
    // Safety: the structure is only used for the time of the call.
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return (ReportStyle().columns, 24)
    }
    return (max(Int(size.ws_col), 40), max(Int(size.ws_row), 10))
  }

  /// The style of lessons.
  static var pageStyle: TerminalStyle { isStyled ? .coloured : .plain }

  /// Shows text at once.
  static func write(_ text: String) {
    Swift.print(text, terminator: "")
    fflush(nil)
  }

  /// Shows text that flows to the width of the screen.
  static func print(prose text: String) {
    write(Prose(text).lines(columns: reportStyle.columns).joined(separator: "\n") + "\n")
  }

  /// Shows what went wrong.
  static func writeError(_ text: String) {
    var text = text
    // Safety: the bytes live for the call, and their own count bounds it.
    text.withUTF8 { bytes in
      unsafe _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }

  /// Shows a long text through the user's pager, or plainly where nobody would press its keys.
  static func page(_ text: String) {
    guard isInteractive, isatty(STDIN_FILENO) == 1 else { return write(text) }
    let pager = variable("PAGER") ?? "less -FRX"
    // Safety: the stream is used until it is closed below, by this thread alone.
    guard let stream = unsafe popen(pager, "w") else { return write(text) }
    signal(SIGPIPE, SIG_IGN)
    unsafe fputs(text, stream)
    unsafe pclose(stream)
  }

  private static func variable(_ name: String) -> String? {
    // Safety: nothing changes the environment while the program runs.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
