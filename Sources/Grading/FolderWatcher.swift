internal import FoundationEssentials
internal import Glibc

/// Notices when anything below some folders is saved, by looking twice a second.
public final class FolderWatcher {
  private let folders: [String]
  private var last: ContentHash

  /// Remembers how the folders look now.
  public init(_ folders: [String]) {
    self.folders = folders
    last = Self.look(folders)
  }

  /// Returns after something was saved.
  public func waitForChange() {
    while true {
      _ = poll(nil, 0, 500)
      let now = Self.look(folders)
      if now != last {
        last = now
        return
      }
    }
  }

  private static func look(_ folders: [String]) -> ContentHash {
    var hash = ContentHash("")
    for folder in folders {
      let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
      for name in names.sorted() {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        let date = attributes?[.modificationDate] as? Date
        hash.combine("\(name) \(date?.timeIntervalSinceReferenceDate ?? 0)".utf8)
      }
    }
    return hash
  }
}
