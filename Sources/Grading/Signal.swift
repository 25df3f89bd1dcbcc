internal import Glibc

/// Signals by number, as a wait status reports them.
enum Signal {
  static let cpuTime = Int32(SIGXCPU)

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
