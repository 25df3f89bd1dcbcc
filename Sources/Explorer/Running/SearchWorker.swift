internal import FoundationEssentials
internal import Glibc
internal import Machine

/// A copy of this process that explores parts of its search.
///
/// A copy, because a conductor and its coroutines belong to one process, and a scenario is a
/// closure that nobody could send.
final class SearchWorker {
  /// What it explores or has explored; nil where it has nothing to do.
  private(set) var part: SearchPart?
  private let process: pid_t
  private let channel: SearchChannel

  /// What a worker is told.
  fileprivate enum Order: Codable {
    case explore([SearchTree.Node], [HandlerPlace])
    /// Answer with what there is; nothing where the answer is on its way.
    case stop
  }

  /// - Returns: nil where the system gives us no process.
  init?(_ search: SearchRun, turnsMax: Int) {
    guard let (ours, theirs) = SearchChannel.pair() else { return nil }
    let parent = getpid()
    process = Conductor.whileNobodyConducts { fork() }
    if process == 0 {
      ours.close()
      Self.serve(search, turnsMax, theirs, parent)
    }
    theirs.close()
    channel = ours
    if process < 0 {
      ours.close()
      return nil
    }
  }

  /// Lets it explore a part.
  func start(_ part: SearchPart) {
    self.part = part
    channel.send(Order.explore(part.nodes, part.handlerPlaces))
  }

  /// Whether its answer is there.
  var hasFinished: Bool { channel.hasMessage }

  /// Stops it where it is.
  ///
  /// - Returns: How far it came; nil where it died.
  func collect() -> SearchState? {
    part = nil
    if !hasFinished { channel.send(Order.stop) }
    return channel.receive(SearchState.self)
  }

  /// Ends the process.
  func end() {
    channel.close()
    kill(process, SIGKILL)
    _ = waitpid(process, nil, 0)
  }

  /// What the copy does until its parent hangs up.
  private static func serve(
    _ search: SearchRun, _ turnsMax: Int, _ channel: SearchChannel, _ parent: pid_t
  ) -> Never {
    for number in [SIGINT, SIGTERM, SIGPIPE] { signal(number, SIG_IGN) }
    // Another copy may hold our parent's end open, so that its end alone tells us nothing.
    while channel.waitForMessage(while: { getppid() == parent }),
      let order = channel.receive(Order.self)
    {
      guard case .explore(let nodes, let places) = order else { continue }
      var start = SearchState()
      start.nodes = nodes
      start.handlerPlaces = places
      search.restore(start, floor: nodes.count)
      search.run(turnsMax: turnsMax, isPause: { channel.hasMessage || getppid() != parent })
      channel.send(search.state)
    }
    _exit(0)
  }
}

/// A connection between two processes that carries one message after another.
private struct SearchChannel {
  private let descriptor: Int32

  static func pair() -> (SearchChannel, SearchChannel)? {
    var ends: [Int32] = [-1, -1]
    // Safety: the array has room for both ends.
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return nil }
    return (SearchChannel(descriptor: ends[0]), SearchChannel(descriptor: ends[1]))
  }

  /// Whether there is something to receive, or nobody left to send it.
  var hasMessage: Bool { waits(milliseconds: 0) }

  /// Waits for it as long as there is somebody to wait for.
  func waitForMessage(while isPossible: () -> Bool) -> Bool {
    while isPossible() { if waits(milliseconds: 500) { return true } }
    return false
  }

  private func waits(milliseconds: Int32) -> Bool {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Safety: poll fills in one entry.
    return unsafe poll(&wait, 1, milliseconds) > 0
  }

  /// Its length, then the message; whoever does not listen any more is noticed when receiving.
  func send(_ message: some Encodable) {
    guard let body = try? JSONEncoder().encode(message) else {
      preconditionFailure("a message that cannot be written")
    }
    let length = UInt32(body.count)
    var bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }[...]
    bytes += body
    while !bytes.isEmpty {
      // Safety: the buffer is alive for the call, and its own length bounds it.
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Waits for a message.
  ///
  /// - Returns: nil where the other side has ended.
  func receive<Message: Decodable>(_ type: Message.Type) -> Message? {
    guard let head = read(4) else { return nil }
    let length = head.enumerated().reduce(0) { $0 | Int($1.element) << ($1.offset * 8) }
    return read(length).flatMap { try? JSONDecoder().decode(type, from: Data($0)) }
  }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let room = count - bytes.count
      // Safety: the buffer has room for as many bytes as are asked for.
      var status = 0
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        status = unsafe Glibc.read(descriptor, buffer.baseAddress, room)
        filled = max(0, status)
      }
      if status < 0 && errno == EINTR { continue }
      guard status > 0 else { return nil }
      bytes += chunk
    }
    return bytes
  }

  func close() { Glibc.close(descriptor) }
}
