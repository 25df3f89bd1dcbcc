import Foundation
import Glibc

/// The built `fencelab`, run in a checkout of its own.
struct Program {
  /// How a run ended.
  struct Ending {
    let status: Int32
    let output: String
    let errors: String
  }

  let root: String

  private static let sources = "\(#filePath.dropLast("/CommandLineTests/Program.swift".count))"
  private static let path: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return "\(own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex))/fencelab"
  }()

  /// A copy of the grading fixtures.
  init() throws {
    root = FileManager.default.temporaryDirectory.appending(path: "fencelab-\(UUID())").path
    try FileManager.default.copyItem(atPath: "\(Self.sources)/GradingTests/Fixtures", toPath: root)
  }

  func remove() { try? FileManager.default.removeItem(atPath: root) }

  func process(_ arguments: [String], _ variables: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: Self.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: root)
    var environment = ProcessInfo.processInfo.environment
    environment["NO_COLOR"] = nil
    environment["TERM"] = "xterm"
    environment.merge(variables) { $1 }
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs it with pipes, as another program would.
  ///
  /// - Parameter text: What its standard input holds; empty without it.
  func run(
    _ arguments: String..., in folder: String? = nil, typing text: String = ""
  ) throws -> Ending {
    try run(arguments: arguments, in: folder, typing: text)
  }

  /// The same for a list of arguments.
  func run(
    arguments: [String], in folder: String? = nil, typing text: String = ""
  ) throws -> Ending {
    let process = process(arguments)
    if !text.isEmpty {
      let path = "\(root)/\(UUID()).in"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      process.standardInput = FileHandle(forReadingAtPath: path)
    }
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    let files = try ["out", "err"].map { name in
      let path = "\(root)/\(UUID()).\(name)"
      _ = FileManager.default.createFile(atPath: path, contents: nil)
      return (path, try FileHandle(forWritingTo: URL(filePath: path)))
    }
    process.standardOutput = files[0].1
    process.standardError = files[1].1
    try process.run()
    process.waitUntilExit()
    return try Ending(
      status: process.terminationStatus,
      output: String(contentsOfFile: files[0].0, encoding: .utf8),
      errors: String(contentsOfFile: files[1].0, encoding: .utf8))
  }

  /// Runs it on a pseudo-terminal, types, and returns everything the terminal was sent.
  func runOnTerminal(
    _ arguments: String..., typing keys: String = "", variables: [String: String] = [:]
  ) throws -> String {
    let session = try TerminalSession(process(arguments, variables))
    try session.type(keys)
    return session.readToEnd()
  }
}

/// A program on a pseudo-terminal.
final class TerminalSession {
  let process: Process
  private let controller: Int32
  private var shown: [UInt8] = []

  /// - Parameter size: What the terminal says it has.
  init(_ process: Process, size: (columns: Int, rows: Int) = (80, 24)) throws {
    self.process = process
    screen = Screen(columns: size.columns, rows: size.rows)
    controller = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var locked: CInt = 0
    var number: CInt = 0
    // TIOCSPTLCK and TIOCGPTN: unlock the terminal's other end and ask for its number.
    guard controller >= 0, unsafe ioctl(controller, 0x4004_5431, &locked) == 0,
      unsafe ioctl(controller, 0x8004_5430, &number) == 0
    else { throw CocoaError(.fileReadUnknown) }
    let terminal = unsafe FileHandle(fileDescriptor: open("/dev/pts/\(number)", O_RDWR | O_NOCTTY))
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = terminal
    // The other end stays open, so that its settings can still be looked at in the end.
    other = terminal
    resize(to: size)
    try process.run()
  }

  private let other: FileHandle
  /// What somebody in front of it sees.
  private(set) var screen: Screen

  /// Changes the size, as a window does.
  func resize(to size: (columns: Int, rows: Int)) {
    var window = winsize()
    window.ws_col = UInt16(size.columns)
    window.ws_row = UInt16(size.rows)
    // Safety: the structure is only used for the time of the call.
    unsafe _ = ioctl(controller, UInt(TIOCSWINSZ), &window)
    guard process.isRunning else { return }
    screen = Screen(columns: size.columns, rows: size.rows)
    // The program is no session leader here, so the kernel does not tell it.
    kill(process.processIdentifier, SIGWINCH)
  }

  /// Reads until the screen shows all of this; what it shows when the program ended otherwise.
  @discardableResult func see(_ texts: String...) -> Screen {
    while !(screen.isWhole && texts.allSatisfy { screen.text.contains($0) }), readSome() {}
    return screen
  }

  deinit {
    close(controller)
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  func type(_ keys: String) throws {
    try FileHandle(fileDescriptor: controller, closeOnDealloc: false)
      .write(contentsOf: Data(keys.utf8))
  }

  /// Everything up to and including `text`; what was shown before the program ended otherwise.
  @discardableResult func read(until text: String) -> String {
    while !string.contains(text), readSome() {}
    return string
  }

  func readToEnd() -> String {
    while readSome() {}
    return string
  }

  /// Forgets what was shown so far.
  func forget() { shown = [] }

  /// Whether keys are shown and lines can be edited, as a shell expects it.
  var isAsAShellWantsIt: Bool {
    var settings = termios()
    // Safety: the structure is only used for the time of the call.
    guard unsafe tcgetattr(controller, &settings) == 0 else { return false }
    let wanted = tcflag_t(ICANON | ECHO | ISIG)
    return settings.c_lflag & wanted == wanted
  }

  private var string: String { String(decoding: shown, as: UTF8.self) }

  /// - Returns: false when the program has ended and nothing is left.
  private func readSome() -> Bool {
    while true {
      var wait = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
      let wasRunning = process.isRunning
      // Safety: poll fills in one entry, read at most the buffer.
      if unsafe poll(&wait, 1, 50) > 0 {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe Glibc.read(controller, &buffer, buffer.count)
        guard count > 0 else { return false }
        shown += buffer.prefix(count)
        screen.take(buffer.prefix(count))
        return true
      }
      if !wasRunning { return false }
    }
  }
}
