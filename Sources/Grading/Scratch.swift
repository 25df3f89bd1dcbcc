internal import FoundationEssentials
internal import Glibc
// Native only: no conductor runs in the grader.
internal import Synchronization

/// Folders of their own for pieces of work that must not meet.
enum Scratch {
  private static let lastIndex = Atomic(0)

  /// Makes a new folder, and removes those of processes that ended without doing so.
  static func make(in parent: String, _ workspace: Workspace) throws(GradingError) -> String {
    let index = lastIndex.add(1, ordering: .relaxed).newValue
    let folder = "\(parent)/\(ProcessInfo.processInfo.processIdentifier)-\(index)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where isAbandoned(name) {
      try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw GradingError(
        "Cannot create \(workspace.shown(folder)).", repair: "Make the checkout writable.")
    }
    return folder
  }

  /// Whether the name begins with the number of a process that is no more.
  private static func isAbandoned(_ name: String) -> Bool {
    guard let first = name.first, first.isNumber,
      let process = pid_t(name.prefix { $0.isNumber })
    else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }
}
