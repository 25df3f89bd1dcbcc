internal import FoundationEssentials
internal import Grading

/// A file of scenarios, compiled.
struct ScenarioFile {
  let path: String
  /// Tells this program, built with this kit, from others.
  let identity: String
  private let compiler: ScenarioCompiler

  init(_ file: String, _ workspace: Workspace) throws(GradingError) {
    let current = FileManager.default.currentDirectoryPath
    let absolute = file.hasPrefix("/") ? file : "\(current)/\(file)"
    compiler = try ScenarioCompiler(workspace)
    switch try compiler.compile(absolute) {
    case .program(let path, let identity):
      self.path = path
      self.identity = identity
    case .refused(let lines):
      compiler.clean()
      throw GradingError(
        "\(file) does not compile.\n" + lines.joined(separator: "\n"),
        repair: "Documentation/Exploring.md shows what such a file looks like.")
    }
  }

  func clean() { compiler.clean() }

  /// The checkout around the current folder, or else the one that this program was built in.
  static func workspace() throws(GradingError) -> Workspace {
    if let current = try? Workspace.current() { return current }
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try Workspace.find(from: program ?? "/")
  }
}
