internal import FoundationEssentials
internal import Glibc

/// Says when one file is saved: told by the kernel where that works, by looking otherwise.
///
/// Saves that happen while nobody waits are not lost: the next wait ends at once. Some file systems
/// accept a watch and never say a word; so we also look now and then, and when a save was seen that
/// nobody told us of, we only look from then on.
package final class FileWatcher {
  /// How it learns of saves.
  package enum Method: String {
    case inotify, polling

    /// For people.
    var words: String {
      self == .inotify ? rawValue : "polling, because nobody tells of saves here"
    }
  }

  package private(set) var method: Method
  /// Readable when something happened; -1 when polling.
  private(set) var descriptor: Int32
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
  package var pauseMilliseconds: Int32 { method == .inotify ? 2_000 : 300 }

  /// Whether the file holds something else than when this was asked last.
  package func hasChanged() -> Bool {
    let wasTold = drain()
    let now = Self.hash(file)
    // Between the two steps of a save there may be no file: that is no change yet.
    guard let now, now != last else { return false }
    last = now
    if !wasTold { stopListening() }
    return true
  }

  /// The kernel was silent about a save.
  private func stopListening() {
    // A save is seen before it is told of where we looked between the two.
    guard descriptor >= 0, !isTold(within: 200) else { return }
    close(descriptor)
    (method, descriptor) = (.polling, -1)
  }

  private func isTold(within milliseconds: Int32) -> Bool {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Safety: poll fills in one entry.
    return unsafe poll(&wait, 1, milliseconds) > 0
  }

  /// - Returns: Whether anything was told.
  private func drain() -> Bool {
    guard descriptor >= 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 4096)
    var isTold = false
    // Safety: the buffer has room for as many bytes as are asked for.
    while unsafe read(descriptor, &buffer, buffer.count) > 0 { isTold = true }
    return isTold
  }

  private static func hash(_ file: String) -> ContentHash? {
    FileManager.default.contents(atPath: file).map { ContentHash($0) }
  }
}
