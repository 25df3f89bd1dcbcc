internal import Glibc

/// Both ends of a pipe, numbered above the descriptors that a child expects.
///
/// What nobody took is closed at the end.
struct Pipe: ~Copyable {
  private(set) var readEnd: Int32
  private(set) var writeEnd: Int32

  init() throws(GradingError) {
    var ends: [Int32] = [-1, -1]
    // Safety: the array has room for both ends.
    guard unsafe pipe(&ends) == 0 else {
      throw GradingError("No pipe could be opened.", repair: "Close some programs.")
    }
    let copies = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
    for end in ends { close(end) }
    guard copies.allSatisfy({ $0 >= 0 }) else {
      for end in copies where end >= 0 { close(end) }
      throw GradingError("No pipe could be opened.", repair: "Close some programs.")
    }
    (readEnd, writeEnd) = (copies[0], copies[1])
  }

  deinit {
    for end in [readEnd, writeEnd] where end >= 0 { close(end) }
  }

  /// Closes the end that only a child writes to; the other is the caller's from here on.
  mutating func takeReadEnd() -> Int32 {
    close(writeEnd)
    defer { (readEnd, writeEnd) = (-1, -1) }
    return readEnd
  }

  /// Closes the end that only a child reads from.
  mutating func closeReadEnd() {
    close(readEnd)
    readEnd = -1
  }

  /// Writes everything and closes the end; nobody reads yet, so it must fit into the pipe.
  mutating func fill(with bytes: [UInt8]) {
    precondition(bytes.count <= 60_000, "a request longer than a pipe")
    // Safety: the buffer is alive for the call, and its own length bounds it.
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe write(writeEnd, buffer.baseAddress, buffer.count)
    }
    precondition(count == bytes.count, "a pipe that takes no request")
    close(writeEnd)
    writeEnd = -1
  }
}

/// Collects what comes out of a pipe, up to a limit.
struct Drain {
  let end: Int32
  private let limit: Int
  private(set) var isOpen = true
  private(set) var isOverflowing = false
  private(set) var bytes: [UInt8] = []

  init(_ end: Int32, limit: Int) {
    self.end = end
    self.limit = limit
    _ = fcntl(end, F_SETFL, O_NONBLOCK)
  }

  /// Takes what is there now, at most one buffer full.
  ///
  /// - Returns: false where there was nothing.
  @discardableResult mutating func read() -> Bool {
    // Safety: the buffer has room for as many bytes as are asked for.
    var status = 0
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
      status = unsafe Glibc.read(end, buffer.baseAddress, buffer.count)
      count = max(0, status)
    }
    if status == 0 || (status < 0 && errno != EAGAIN && errno != EINTR) { isOpen = false }
    let room = limit - bytes.count
    if chunk.count > room && limit > 0 { isOverflowing = true }
    bytes += chunk.prefix(max(0, room))
    return !chunk.isEmpty
  }

  /// Takes what is left when the other side has ended.
  mutating func readAll() {
    while isOpen, !isOverflowing, read() {}
  }

  func finish() { close(end) }
}
