import FoundationEssentials
import Publishing

/// A tree of files in a folder of its own, removed when `body` returns.
func withTree<Result>(
  _ files: [String: String], _ body: (SourceTree) throws -> Result
) throws -> Result {
  let manager = FileManager.default
  let root = manager.temporaryDirectory.appending(path: "fencelab-\(UUID().uuidString)")
  defer { try? manager.removeItem(at: root) }
  for (path, text) in files {
    let file = root.appending(path: path)
    try manager.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
  return try body(SourceTree(root: root.path))
}

/// Answers two runs, and fails one.
struct SampleRuns: WovenSource {
  func text(of kind: Block.OutputKind, run name: String, lesson: String) throws -> String {
    switch name {
    case "good": "one\n\ntwo  \n"
    case "fences": "```\n"
    default:
      throw WovenSourceError(problem: "there is no run '\(name)'", repair: "use one of good")
    }
  }

  func drawing(run name: String, lesson: String) throws -> String? { nil }
}
