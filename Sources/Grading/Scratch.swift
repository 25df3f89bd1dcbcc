internal import FoundationEssentials
internal import Glibc
// Native only: no conductor runs in the grader.
internal import Synchronization

/// Folders of their own for pieces of work that must not meet.
enum Scratch {
  private static let lastIndex = Atomic(0)
  /// Several machines may share a disk; each judges its own processes only.
  private static let host = "@\(ProcessInfo.processInfo.hostName)"

  /// Makes a new folder, and removes those of processes that ended without doing so.
  static func make(in parent: String) throws -> String {
    let index = lastIndex.add(1, ordering: .relaxed).newValue
    let folder = "\(parent)/\(ProcessInfo.processInfo.processIdentifier)-\(index)\(host)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where isAbandoned(name) {
      try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// The same, and what to do where it cannot be.
  static func make(in parent: String, _ workspace: Workspace) throws(GradingError) -> String {
    do {
      return try make(in: parent)
    } catch {
      throw GradingError(
        "Cannot create a folder in \(workspace.shown(parent)).",
        repair: "Make the checkout writable.")
    }
  }

  /// Whether the name begins with the number of a process that is no more.
  private static func isAbandoned(_ name: String) -> Bool {
    guard let first = name.first, first.isNumber, name.hasSuffix(host),
      let process = pid_t(name.prefix { $0.isNumber })
    else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }
}
