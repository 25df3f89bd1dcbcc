internal import FoundationEssentials
internal import Glibc
// Native only: nothing here runs under a conductor.
internal import Synchronization

/// Writes frames, one line each.
enum FrameLine {
  static func send(_ frame: ScenarioFrame) {
    guard var line = try? JSONEncoder().encode(frame) else {
      preconditionFailure("a frame that cannot be written")
    }
    line.append(UInt8(ascii: "\n"))
    var rest = [UInt8](line)[...]
    while !rest.isEmpty {
      // Safety: the buffer is alive for the call, and its own length bounds it.
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe write(ScenarioDescriptor.frames, buffer.baseAddress, buffer.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { _exit(1) }
      rest = rest.dropFirst(count)
    }
  }
}

/// Reads the parent's lines.
final class OrderLines: Sendable {
  private let pending = Mutex<[UInt8]>([])

  /// - Returns: nil where nobody has anything to say.
  init?() { guard fcntl(ScenarioDescriptor.orders, F_GETFD) >= 0 else { return nil } }

  /// The next line; nil when the parent has hung up, or speaks nonsense.
  func next<Order: Decodable>(_ type: Order.Type) -> Order? {
    nextLine().flatMap { try? JSONDecoder().decode(type, from: $0) }
  }

  private func nextLine() -> Data? {
    pending.withLock { bytes in
      while true {
        if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
          let line = Data(bytes[..<end])
          bytes.removeSubrange(...end)
          return line
        }
        // Safety: the buffer has room for as many bytes as are asked for.
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
          count = unsafe max(0, read(ScenarioDescriptor.orders, buffer.baseAddress, buffer.count))
        }
        if chunk.isEmpty { return nil }
        bytes += chunk
      }
    }
  }
}
