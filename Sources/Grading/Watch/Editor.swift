internal import FoundationEssentials
internal import Glibc

/// The editor that the user's environment names.
struct Editor: Sendable {
  private let command: String

  /// `VISUAL`, then `EDITOR`; nil where neither says anything.
  init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    let named = [environment["VISUAL"], environment["EDITOR"]].compactMap(\.self)
    guard let command = named.first(where: { !$0.isEmpty }) else { return nil }
    self.command = command
  }

  /// What is handed to the editor so that it opens at a line.
  func arguments(_ file: String, line: Int?) -> [String] {
    guard let line else { return [file] }
    let program = command.split(separator: " ").first?.split(separator: "/").last ?? ""
    switch program {
    case "code", "codium", "code-insiders", "cursor": return ["--goto", "\(file):\(line)"]
    case "subl", "zed", "hx", "helix": return ["\(file):\(line)"]
    case "vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "joe", "kak", "ne", "mg",
      "gedit", "kate":
      return ["+\(line)", file]
    default: return [file]
    }
  }

  /// Opens a file and waits until the editor has ended.
  func open(_ file: String, line: Int?) throws(GradingError) {
    // As git does: the variable may hold arguments of its own.
    let script = "\(command) \"$@\""
    let status = try Foreground.run(
      "/bin/sh", ["-c", script, "sh"] + arguments(file, line: line))
    guard status == 0 else {
      throw GradingError(
        "\(command) ended with status \(status).", repair: "Set EDITOR to a program that runs here."
      )
    }
  }
}

/// Programs that take over the terminal for a while.
enum Foreground {
  /// Runs a program with our input and output, and returns its status.
  static func run(_ program: String, _ arguments: [String]) throws(GradingError) -> Int32 {
    let variables = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
    var attributes = posix_spawnattr_t()
    var signals = sigset_t()
    var pid: pid_t = 0
    // Safety: the structures are initialised here, used by one call, and destroyed below; each
    // string lives until the call has returned.
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let started = unsafe withCStrings([program] + arguments) { argv in
      unsafe withCStrings(variables) { environ in
        unsafe posix_spawn(&pid, program, nil, &attributes, argv, environ)
      }
    }
    guard started == 0 else {
      throw GradingError("Cannot start \(program).", repair: "Check that it may be run.")
    }
    var status: Int32 = 0
    // Safety: the status is only used for the time of the call.
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }
}
