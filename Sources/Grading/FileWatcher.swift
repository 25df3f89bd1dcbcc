internal import FoundationEssentials
internal import Glibc

/// Says when one file is saved: told by the kernel where that works, by looking otherwise.
///
/// Saves that happen while nobody waits are not lost: the next wait ends at once.
package final class FileWatcher {
  /// How it learns of saves.
  package enum Method: String { case inotify, polling }

  package let method: Method
  /// Readable when something happened; -1 when polling.
  let descriptor: Int32
  private let file: String
  private var last: ContentHash?

  package init(_ file: String, isPolling: Bool = false) {
    self.file = file
    last = Self.hash(file)
    // Editors replace files, so the folder is watched, not the file.
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    let notifier = isPolling ? -1 : inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)
    // Safety: the kernel copies the path during the call.
    if notifier >= 0, unsafe inotify_add_watch(notifier, folder, events) >= 0 {
      (method, descriptor) = (.inotify, notifier)
    } else {
      if notifier >= 0 { close(notifier) }
      (method, descriptor) = (.polling, -1)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How long a wait may last before it must look by itself.
  var pauseMilliseconds: Int32 { method == .inotify ? -1 : 300 }

  /// Whether the file holds something else than when this was asked last.
  package func hasChanged() -> Bool {
    drain()
    let now = Self.hash(file)
    // Between the two steps of a save there may be no file: that is no change yet.
    guard let now, now != last else { return false }
    last = now
    return true
  }

  private func drain() {
    guard descriptor >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 4096)
    // Safety: the buffer has room for as many bytes as are asked for.
    while unsafe read(descriptor, &buffer, buffer.count) > 0 {}
  }

  private static func hash(_ file: String) -> ContentHash? {
    FileManager.default.contents(atPath: file).map { ContentHash($0) }
  }
}
