internal import FoundationEssentials
internal import Glibc

/// Writes files so that whoever is killed on the way leaves the old file or the new one, and no
/// litter beside it.
enum WholeFile {
  /// Replaces the file at `path`.
  ///
  /// - Parameter folder: Where the new file is written first, on the same disk; what killed
  ///   processes left there is removed.
  static func write(_ bytes: some Collection<UInt8>, to path: String, by folder: String) throws {
    let place = try Scratch.make(in: folder)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let draft = "\(place)/draft"
    try Data(bytes).write(to: URL(filePath: draft))
    // Safety: both paths live for the call.
    if unsafe rename(draft, path) == 0 { return }
    // Another disk: written beside its target, then.
    try Data(bytes).write(to: URL(filePath: path), options: .atomic)
  }
}

/// A lock between processes; the kernel opens it when its holder is gone.
struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// Waits until nobody else holds it.
  init(_ path: String) throws(GradingError) {
    // Safety: the path lives for the call.
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw GradingError("Cannot open \(path).", repair: "Make the checkout writable.")
    }
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  }

  deinit { close(descriptor) }
}
