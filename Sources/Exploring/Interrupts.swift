internal import Glibc
// Native only: a signal handler passes a signal on; no program under a conductor gets here.
internal import Synchronization

/// Passes Ctrl-C on to the program that explores, so that it can say how far it came.
enum Interrupts {
  private static let target = Atomic<Int32>(0)
  private static let count = Atomic(0)

  /// Whether somebody asked for an end since the program was started.
  static var wereAny: Bool { count.load(ordering: .relaxed) > 0 }

  /// - Parameter process: 0 for nobody, and Ctrl-C ends us as usual.
  static func forward(to process: pid_t) {
    target.store(process, ordering: .sequentiallyConsistent)
    count.store(0, ordering: .relaxed)
    guard process != 0 else {
      signal(SIGINT, SIG_DFL)
      return
    }
    // Whoever started us may have had it blocked, and that is inherited.
    var set = sigset_t()
    // Safety: the set is only used for the time of the calls.
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGINT)
    unsafe sigprocmask(SIG_UNBLOCK, &set, nil)
    signal(SIGINT) { _ in
      let process = Interrupts.target.load(ordering: .sequentiallyConsistent)
      Interrupts.count.add(1, ordering: .relaxed)
      if process != 0 { kill(process, SIGINT) }
    }
  }
}
