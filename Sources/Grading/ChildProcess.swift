internal import ExerciseKit
internal import FoundationEssentials
internal import Glibc
// Native only: no conductor runs in the grader.
internal import Synchronization

/// A program that runs beside us in a process group of its own, and cannot outlast its limits.
///
/// Pipes are read while it runs, so neither side waits for the other. When it ends or must end,
/// its whole group is killed.
package struct ChildProcess: ~Copyable {
  /// What a child may use before it is stopped.
  package struct Limits: Sendable {
    let wallMilliseconds: Int
    let outputBytes: Int
    let frameBytes: Int

    package init(wallMilliseconds: Int, outputBytes: Int, frameBytes: Int) {
      self.wallMilliseconds = wallMilliseconds
      self.outputBytes = outputBytes
      self.frameBytes = frameBytes
    }

    static let compiler = Limits(
      wallMilliseconds: Grading.Limits.compilerMillisecondsMax, outputBytes: 16 << 20,
      frameBytes: 0)
    static let answerCompiler = Limits(
      wallMilliseconds: Grading.Limits.answerCompilerMillisecondsMax, outputBytes: 1 << 20,
      frameBytes: 0)
    package static let checks = Limits(
      wallMilliseconds: Grading.Limits.wallMillisecondsMax,
      outputBytes: Grading.Limits.outputBytesMax, frameBytes: Grading.Limits.frameBytesMax)
  }

  /// How it came to an end.
  package enum Cause: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
    case printedTooMuch
    case reportedTooMuch
    /// Whoever waited lost interest.
    case cancelled
  }

  /// What is left of it.
  package struct Ending: Sendable {
    package let cause: Cause
    /// What it printed, from the start.
    package let output: [UInt8]
    /// What it printed on standard error, from the start.
    package let errors: [UInt8]
    /// What came through the frames' descriptor.
    package let frames: [UInt8]

    package init(cause: Cause, output: [UInt8], errors: [UInt8], frames: [UInt8]) {
      self.cause = cause
      self.output = output
      self.errors = errors
      self.frames = frames
    }
  }

  private let pid: pid_t
  private let limits: Limits
  private let start = ContinuousClock.now
  private var drains: [Drain]
  private var isReaped = false

  /// This process's own environment, for compilers.
  static var inherited: [String: String] { ProcessInfo.processInfo.environment }

  /// Starts a program; its standard input is empty.
  ///
  /// - Parameter request: Read by the child on ``Descriptor/request``; shorter than a pipe.
  package init(
    _ program: String, _ arguments: [String], limits: Limits, environment: [String: String],
    request: [UInt8] = []
  ) throws(GradingError) {
    self.limits = limits
    let (pid, ends) = try Self.spawning.withLock { _ throws(GradingError) in
      try Self.start(program, arguments, environment, request)
    }
    self.pid = pid
    drains = [
      Drain(ends[0], limit: limits.outputBytes), Drain(ends[1], limit: limits.outputBytes),
      Drain(ends[2], limit: limits.frameBytes),
    ]
  }

  /// A new pipe is inheritable for a moment: no other thread may start a child then.
  private static let spawning = Mutex(())

  /// - Returns: The child, and our ends of what it says.
  private static func start(
    _ program: String, _ arguments: [String], _ environment: [String: String], _ request: [UInt8]
  ) throws(GradingError) -> (pid_t, [Int32]) {
    var output = try Pipe()
    var errors = try Pipe()
    var frames = try Pipe()
    var input = try Pipe()
    // The child finds its request complete, and so never waits for us.
    input.fill(with: request)
    let pid = try spawn(
      program, arguments, environment,
      [
        (output.writeEnd, STDOUT_FILENO), (errors.writeEnd, STDERR_FILENO),
        (input.readEnd, Descriptor.request), (frames.writeEnd, Descriptor.frames),
      ])
    input.closeReadEnd()
    return (pid, [output.takeReadEnd(), errors.takeReadEnd(), frames.takeReadEnd()])
  }

  deinit {
    if !isReaped {
      kill(-pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    for drain in drains { drain.finish() }
  }

  /// Reads what it says until it ends by itself or because of a limit.
  ///
  /// - Parameter isCancelled: Asked many times a second; true ends the child.
  package mutating func wait(isCancelled: () -> Bool = { false }) -> Ending {
    var cause: Cause?
    while cause == nil {
      let elapsed = start.duration(to: .now).milliseconds
      if elapsed >= limits.wallMilliseconds {
        cause = .timedOut
      } else if drains[2].isOverflowing {
        cause = .reportedTooMuch
      } else if drains.contains(where: \.isOverflowing) {
        cause = .printedTooMuch
      } else if isCancelled() {
        cause = .cancelled
      } else {
        cause = step(millisecondsLeft: limits.wallMilliseconds - elapsed)
      }
    }
    kill(-pid, SIGKILL)
    reap()
    for index in drains.indices { drains[index].readAll() }
    return Ending(
      cause: cause ?? .timedOut, output: drains[0].bytes, errors: drains[1].bytes,
      frames: drains[2].bytes)
  }

  private mutating func reap() {
    if !isReaped { waitpid(pid, nil, 0) }
    isReaped = true
  }

  /// Waits a little for output or the end; returns the end.
  private mutating func step(millisecondsLeft: Int) -> Cause? {
    let open = drains.indices.filter { drains[$0].isOpen }
    // Somebody the child started may hold the pipes open, and a child may close them and go on:
    // so we look after the child itself, too.
    let pause = Int32(min(millisecondsLeft, open.isEmpty ? 1 : 20))
    var waits = open.map { pollfd(fd: drains[$0].end, events: Int16(POLLIN), revents: 0) }
    // Safety: poll fills in as many entries as the array has.
    unsafe _ = poll(&waits, nfds_t(waits.count), pause)
    for (index, wait) in zip(open, waits) where wait.revents != 0 { drains[index].read() }
    var status: Int32 = 0
    // Safety: the status is only used for the time of the call.
    guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
    isReaped = true
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String: String],
    _ descriptors: [(Int32, Int32)]
  ) throws(GradingError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    // Safety: both structures are initialised here, used by one call, and destroyed below.
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    // Signals that the caller's thread has blocked must reach the child all the same.
    var noSignals = sigset_t()
    unsafe sigemptyset(&noSignals)
    unsafe posix_spawnattr_setsigmask(&attributes, &noSignals)
    // So must signals that the caller ignores.
    var allSignals = sigset_t()
    unsafe sigfillset(&allSignals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &allSignals)
    let flags =
      Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    unsafe posix_spawnattr_setflags(&attributes, flags)
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (ours, theirs) in descriptors {
      unsafe posix_spawn_file_actions_adddup2(&actions, ours, theirs)
    }
    let variables = environment.map { "\($0)=\($1)" }
    var pid: pid_t = 0
    let status = unsafe withCStrings([program] + arguments) { argv in
      unsafe withCStrings(variables) { environ in
        unsafe posix_spawn(&pid, program, &actions, &attributes, argv, environ)
      }
    }
    guard status == 0 else {
      throw GradingError(
        "Cannot start \(program): \(unsafe String(cString: strerror(status))).",
        repair: "Check that the file exists and may be run.")
    }
    return pid
  }
}

/// Lends an array of C strings that ends in a null pointer, as `execve` wants it.
func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  // Safety: each copy lives until the body has returned.
  let copies = unsafe strings.map { unsafe strdup($0) }
  defer { unsafe copies.forEach { unsafe free($0) } }
  return unsafe body(copies + [nil])
}

extension Duration {
  var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }
}
