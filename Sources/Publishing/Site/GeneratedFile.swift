import Glibc

/// Writes files that can be generated again, and so need not reach the disk before the next one.
///
/// Foundation waits for the disk after every file, which made a site a hundred times slower.
enum GeneratedFile {
  /// Creates the file at `path` with this text.
  static func write(_ text: String, to path: String) throws(Finding) {
    // Safety: the path is lent to the call as a NUL-terminated string.
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var text = text
    // Safety: the bytes are lent for the closure, and `written` stays within their count.
    let isWritten = text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let rest = unsafe bytes.baseAddress.map { unsafe $0 + written }
        let count = unsafe Glibc.write(descriptor, rest, bytes.count - written)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        written += count
      }
      return true
    }
    if !isWritten { throw failure(path) }
  }

  private static func failure(_ path: String) -> Finding {
    Finding(
      file: path, line: 1, problem: "the file cannot be written: \(reason())",
      repair: "make room, or name another folder")
  }

  private static func reason() -> String {
    // Safety: strerror returns a NUL-terminated string that stays until the next call on a thread.
    guard let words = unsafe strerror(errno) else { return "unknown error" }
    return unsafe String(cString: words)
  }
}
