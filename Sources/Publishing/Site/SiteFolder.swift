import FoundationEssentials

/// The folder that holds a built site, replaced whole or not at all.
struct SiteFolder {
  let path: String

  /// A file by which the kit recognises what it may replace.
  private static let marker = ".fencelab-site"

  /// Writes `files` beside the folder, then swaps the two.
  func replace(with files: [String: String]) throws {
    let manager = FileManager.default
    var isFolder = false
    let exists = manager.fileExists(atPath: path, isDirectory: &isFolder)
    if exists, !isFolder {
      throw Finding(
        file: path, line: 1, problem: "this is a file, and a site is a folder",
        repair: "name another folder")
    }
    if exists, !isOurs {
      throw Finding(
        file: path, line: 1, problem: "the folder holds files that are not a site of the kit",
        repair: "name another folder, or empty this one")
    }
    let fresh = "\(path).new-\(ProcessInfo.processInfo.processIdentifier)"
    let stale = "\(path).old-\(ProcessInfo.processInfo.processIdentifier)"
    defer {
      try? manager.removeItem(atPath: fresh)
      try? manager.removeItem(atPath: stale)
    }
    let folders = Set(files.keys.map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    for folder in folders.union([""]) {
      try manager.createDirectory(atPath: "\(fresh)/\(folder)", withIntermediateDirectories: true)
    }
    for (name, text) in files {
      try GeneratedFile.write(text, to: "\(fresh)/\(name)")
    }
    try GeneratedFile.write("", to: "\(fresh)/\(Self.marker)")
    if exists { try manager.moveItem(atPath: path, toPath: stale) }
    do {
      try manager.moveItem(atPath: fresh, toPath: path)
    } catch {
      if exists { try? manager.moveItem(atPath: stale, toPath: path) }
      throw error
    }
  }

  private var isOurs: Bool {
    let manager = FileManager.default
    let names = (try? manager.contentsOfDirectory(atPath: path)) ?? []
    return names.isEmpty || names.contains(Self.marker)
  }
}
