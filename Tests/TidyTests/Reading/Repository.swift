import Foundation

/// The repository this test was compiled from, read once.
enum Repository {
  /// Folders that hold the kit's own text.
  static let folders = ["Sources", "Lessons", "Exercises", "Tests", "Documentation", ".ci"]

  /// The path of every file in those folders, and of everything beside them.
  static let paths: Set<String> = {
    let top = (contents(of: "") ?? []).filter { !isGenerated($0) && !folders.contains($0) }
    return Set(top + folders.flatMap(walk))
  }()

  /// Everything a rule may read, in path order; what a test keeps as a fixture is data.
  static let files: [SourceFile] =
    paths.sorted().filter { !$0.contains("/Fixtures/") }.compactMap(read)

  static var swiftFiles: [SourceFile] { files.filter(\.isSwift) }

  /// The file at `path`, or `nil` where the repository has none.
  static func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let languages = ["swift", "md", "c", "h", "css", "js", "html", "run"]

  private static func isGenerated(_ path: String) -> Bool {
    ["Package.resolved", "Exercises/compile_commands.json"].contains(path)
      || path.split(separator: "/").contains {
        $0.hasPrefix(".build") || [".fencelab", "Fixtures"].contains($0)
      }
  }

  /// The paths in a folder, or `nil` where there is no such folder.
  private static func contents(of folder: String) -> [String]? {
    let place = root.appending(path: folder)
    let names = try? FileManager.default.contentsOfDirectory(atPath: place.path)
    return names?.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
  }

  private static func walk(_ path: String) -> [String] {
    guard let inside = contents(of: path) else { return [path] }
    return inside.filter { !isGenerated($0) }.flatMap(walk)
  }

  private static func read(_ path: String) -> SourceFile? {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.split(separator: ".").last ?? ""
    guard languages.contains(String(ending)),
      let data = FileManager.default.contents(atPath: root.appending(path: path).path)
    else { return nil }
    return SourceFile(path, bytes: Array(data))
  }
}
