internal import Glibc

/// The process's standard error, without the global variable that Swift 6 refuses.
enum StandardError {
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    // Safety: the buffer is valid for the call; a short or failed write loses only the message.
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe Glibc.write(2, buffer.baseAddress, buffer.count)
    }
  }
}
