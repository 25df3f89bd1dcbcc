internal import FoundationEssentials
internal import Glibc
internal import Grading
internal import ScenarioKit

/// A running program of scenarios, and the two pipes to it.
///
/// It is its owner's program and has its owner's rights; a crash in it must not be ours.
final class ScenarioProcess {
  private let pid: pid_t
  private let orders: Int32
  private let frames: Int32
  private var pending: [UInt8] = []
  /// Whether it had to be stopped, because an execution of it did not end.
  private(set) var wasStuck = false

  /// Starts it with a request; what it prints goes to standard error.
  init(_ program: String, _ request: ScenarioRequest) throws(GradingError) {
    let (ordersRead, ordersWrite) = try Self.pipe()
    let (framesRead, framesWrite) = try Self.pipe()
    (orders, frames) = (ordersWrite, framesRead)
    pid = try Self.spawn(program, ordersRead, framesWrite)
    close(ordersRead)
    close(framesWrite)
    signal(SIGPIPE, SIG_IGN)
    Interrupts.forward(to: pid)
    send(request)
  }

  deinit {
    close(orders)
    close(frames)
    Interrupts.forward(to: 0)
    kill(-pid, SIGKILL)
    _ = waitpid(pid, nil, 0)
  }

  /// Says something to it; if it has ended, its frames will tell.
  func send(_ message: some Encodable) {
    guard let json = try? JSONEncoder().encode(message) else {
      preconditionFailure("an order that cannot be written")
    }
    var rest = ([UInt8](json) + [UInt8(ascii: "\n")])[...]
    while !rest.isEmpty {
      // Safety: the buffer is alive for the call, and its own length bounds it.
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe write(orders, buffer.baseAddress, buffer.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Whether it ended by itself and called it a success; asked after its last frame.
  func endedWell() -> Bool {
    var status: Int32 = 0
    // Safety: the status is only used for the time of the call.
    guard unsafe waitpid(pid, &status, 0) == pid else { return false }
    return status == 0
  }

  /// Waits for its next frame; nil when it has ended or speaks nonsense.
  ///
  /// It says something after every execution. One that does not end, because a thread never reaches
  /// the machine again, cannot be interrupted from within: once somebody asked for an end, or
  /// `secondsMax` are over, a few seconds of silence stop the program.
  ///
  /// - Parameter secondsMax: What it was told not to exceed.
  /// - Parameter isSilent: Told every second from the tenth second of silence on.
  func next(secondsMax: Double? = nil, isSilent: (Int) -> Void = { _ in }) -> ScenarioFrame? {
    var silence = 0
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Data(pending[..<end])
        pending.removeSubrange(...end)
        return try? JSONDecoder().decode(ScenarioFrame.self, from: line)
      }
      var wait = pollfd(fd: frames, events: Int16(POLLIN), revents: 0)
      // Safety: there is one entry.
      let isReady = unsafe poll(&wait, 1, 1_000)
      if isReady < 0 && errno == EINTR { continue }
      if isReady == 0 {
        silence += 1
        if silence >= 10 { isSilent(silence) }
        let isOver = Interrupts.wereAny || secondsMax.map { Double(silence) > $0 + 10 } ?? false
        if isOver, silence >= 3, !wasStuck {
          wasStuck = true
          kill(-pid, SIGKILL)
        }
        continue
      }
      // Safety: the buffer has room for as many bytes as are asked for.
      var status = 0
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        status = unsafe read(frames, buffer.baseAddress, buffer.count)
        count = max(0, status)
      }
      if status < 0 && errno == EINTR { continue }
      if status <= 0 { return nil }
      pending += chunk
    }
  }

  private static func pipe() throws(GradingError) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    // Safety: the array has room for both ends.
    guard unsafe Glibc.pipe(&ends) == 0 else {
      throw GradingError("No pipe could be opened.", repair: "Close some programs.")
    }
    // Above the numbers that the program expects, and not for anybody else.
    let high = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
    for end in ends { close(end) }
    return (high[0], high[1])
  }

  private static func spawn(
    _ program: String, _ orders: Int32, _ frames: Int32
  ) throws(GradingError) -> pid_t {
    // Safety: both structures are initialised here, used by one call, and destroyed below; the
    // strings live until they are freed.
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var noSignals = sigset_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    // Ctrl-C is for us: we pass it on, and the program ends its search in good order.
    unsafe sigemptyset(&noSignals)
    unsafe posix_spawnattr_setsigmask(&attributes, &noSignals)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, orders, ScenarioDescriptor.orders)
    unsafe posix_spawn_file_actions_adddup2(&actions, frames, ScenarioDescriptor.frames)
    var variables = ProcessInfo.processInfo.environment
    variables[ScenarioDescriptor.variable] = "1"
    variables["SWIFT_DETERMINISTIC_HASHING"] = "1"
    var environment = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    var arguments = unsafe [strdup(program), nil]
    defer {
      unsafe (environment + arguments).forEach { unsafe free($0) }
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    var pid: pid_t = 0
    let status = unsafe posix_spawn(
      &pid, program, &actions, &attributes, &arguments, &environment)
    guard status == 0 else {
      // Safety: the message is copied at once.
      let reason = unsafe String(cString: strerror(status))
      throw GradingError(
        "Cannot start \(program): \(reason).",
        repair: "Check that there is room on the disk and that programs may run there.")
    }
    return pid
  }
}
