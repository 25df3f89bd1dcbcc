internal import FoundationEssentials
internal import Grading

/// Remembers the failing schedules of each file, because their names are long.
struct ReplayBook {
  private let folder: String

  init(_ workspace: Workspace) { folder = "\(workspace.notesFolder)/scenarios" }

  /// Keeps the names of what failed, in place of what was kept of this file before.
  func note(_ results: ExploreResults) throws(GradingError) {
    var names: [Int: String] = [:]
    for index in results.reports.indices { names[index + 1] = results.replayName(index) }
    try save(names, of: results.file)
  }

  /// Keeps the name of one schedule.
  func keep(_ name: String, of file: String, index: Int) throws(GradingError) {
    var names = names(of: file)
    names[index] = name
    try save(names, of: file)
  }

  private func save(_ names: [Int: String], of file: String) throws(GradingError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let data = try JSONEncoder().encode(names)
      try data.write(to: URL(filePath: path(of: file)), options: .atomic)
    } catch {
      throw GradingError("Cannot write in \(folder).", repair: "Make the checkout writable.")
    }
  }

  /// The failing schedule of one exploration, or of the first that failed.
  func name(of file: String, index: Int?) -> String? {
    let names = names(of: file)
    return index.map { names[$0] } ?? names.min { $0.key < $1.key }?.value
  }

  private func names(of file: String) -> [Int: String] {
    FileManager.default.contents(atPath: path(of: file)).flatMap {
      try? JSONDecoder().decode([Int: String].self, from: $0)
    } ?? [:]
  }

  private func path(of file: String) -> String {
    let current = FileManager.default.currentDirectoryPath
    let absolute = file.hasPrefix("/") ? file : "\(current)/\(file)"
    let name = absolute.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return "\(folder)/\(String(name.suffix(200))).json"
  }
}
