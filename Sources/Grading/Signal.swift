internal import Glibc

/// Signals by number, as a wait status reports them.
enum Signal {
  /// What a child's own limits on time send.
  static let outOfTime: Set<Int32> = [SIGXCPU, SIGALRM]
  /// What a refused system call ends with.
  static let refused = SIGSYS

  /// Signals as a program that stands between reports them: 128 and the number.
  static func fromStatus(_ status: Int32) -> Int32? {
    (129...192).contains(status) ? status - 128 : nil
  }

  static func name(_ number: Int32) -> String {
    switch number {
    case SIGILL, SIGTRAP: "a trap"
    case SIGABRT: "an abort"
    case SIGSEGV, SIGBUS: "a stray memory access"
    case SIGFPE: "an arithmetic error"
    case SIGKILL: "killed"
    case SIGXFSZ: "a file it must not write"
    default: "signal \(number)"
    }
  }
}
