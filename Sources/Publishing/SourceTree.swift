import FoundationEssentials

/// Reads the files of the package by paths relative to its root.
package struct SourceTree: Sendable {
  /// Absolute or working-directory-relative path of the package.
  package let root: String

  /// Opens the tree at `root`; nothing is read yet.
  package init(root: String) {
    self.root = root
  }

  /// The text of a file, or nil where there is none.
  package func text(of path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: absolute(path)) else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  /// Whether a file or folder stands at `path`.
  package func contains(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: absolute(path))
  }

  /// Whether a folder stands at `path`.
  package func isFolder(_ path: String) -> Bool {
    var isDirectory = false
    let exists = FileManager.default.fileExists(
      atPath: absolute(path), isDirectory: &isDirectory)
    return exists && isDirectory
  }

  /// Names of everything visible in a folder, sorted; empty where there is no such folder.
  package func names(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: absolute(path))) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Names of the folders in a folder, sorted.
  package func folders(in path: String) -> [String] {
    names(in: path).filter { isFolder("\(path)/\($0)") }
  }

  /// Replaces a file in one step, so that a reader never sees half of it.
  package func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: absolute(path)), options: .atomic)
  }

  private func absolute(_ path: String) -> String { "\(root)/\(path)" }
}

/// Arithmetic on slash-separated paths; touches no file.
package enum RelativePath {
  /// Resolves `reference`, written in `file`, to a path from the root; nil when it leaves the root.
  package static func resolve(_ reference: String, from file: String) -> String? {
    var parts = components(of: file).dropLast()
    for part in components(of: reference) {
      switch part {
      case ".": continue
      case "..": if parts.popLast() == nil { return nil }
      default: parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  /// The reference that leads from the file `origin` to the file `target`.
  package static func reference(from origin: String, to target: String) -> String {
    let here = components(of: origin).dropLast()
    let there = components(of: target)
    var shared = 0
    while shared < min(here.count, there.count - 1), here[shared] == there[shared] { shared += 1 }
    let up = Array(repeating: "..", count: here.count - shared)
    return (up + there.dropFirst(shared).map(String.init)).joined(separator: "/")
  }

  private static func components(of path: String) -> [Substring] {
    path.utf8.split(separator: UInt8(ascii: "/")).map(Substring.init)
  }
}
