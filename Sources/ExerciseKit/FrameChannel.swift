internal import FoundationEssentials
internal import Glibc

/// The child's end of the two pipes.
///
/// It is opened once: an exercise that starts a second `main` finds nobody to talk to.
struct FrameChannel {
  let request: Request
  private let encoder = JSONEncoder()

  init?() {
    guard let bytes = Self.readRequest(),
      let request = try? JSONDecoder().decode(Request.self, from: Data(bytes)),
      request.version == Frame.version
    else { return nil }
    self.request = request
  }

  func send(_ frame: Frame) {
    guard let json = try? encoder.encode(frame) else {
      preconditionFailure("a frame that cannot be written")
    }
    var line = Array("\(request.nonce) ".utf8)
    line.append(contentsOf: json)
    line.append(UInt8(ascii: "\n"))
    var rest = line[...]
    while !rest.isEmpty {
      // Safety: the buffer is alive for the call, and its own length bounds it.
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe write(Descriptor.frames, buffer.baseAddress, buffer.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { exit(1) }
      rest = rest.dropFirst(count)
    }
  }

  private static func readRequest() -> [UInt8]? {
    var bytes: [UInt8] = []
    while true {
      // Safety: the buffer has room for as many bytes as are asked for.
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        count = unsafe max(0, read(Descriptor.request, buffer.baseAddress, buffer.count))
      }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    close(Descriptor.request)
    return bytes.isEmpty ? nil : bytes
  }
}
