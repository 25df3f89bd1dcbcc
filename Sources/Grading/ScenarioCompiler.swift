internal import FoundationEssentials

/// Turns a file of scenarios, with code at its top level, into a program.
///
/// It is its owner's program: nothing is forbidden in it, and nothing confines it.
package struct ScenarioCompiler {
  /// What came out.
  package enum Result {
    /// A program to run, and what tells it from other programs.
    case program(path: String, identity: String)
    /// The compiler's complaints, one line an entry.
    case refused([String])
  }

  private let kit: Kit
  private let workspace: Workspace
  private let folder: String

  /// Finds the kit and the compiler.
  package init(_ workspace: Workspace) throws(GradingError) {
    self.workspace = workspace
    kit = try Kit.locate(workspace)
    folder = try Scratch.make(in: "\(workspace.notesFolder)/build/scenarios", workspace)
  }

  /// Removes what the compilation left.
  package func clean() { try? FileManager.default.removeItem(atPath: folder) }

  /// Compiles and links.
  package func compile(_ file: String) throws(GradingError) -> Result {
    guard let source = FileManager.default.contents(atPath: file) else {
      throw GradingError("Cannot read \(file).", repair: "Check the path.")
    }
    var identity = ContentHash(source)
    identity.combine(kit.identity.utf8)
    let object = try run(kit.frontend, compilerArguments(file))
    guard object.cause == .exited(0) else {
      return .refused(Diagnostics(object, shown: workspace.shown).refusal.lines)
    }
    let linked = try run(kit.clang, linkerArguments)
    guard linked.cause == .exited(0) else {
      let lines = String(decoding: linked.errors, as: UTF8.self).split(separator: "\n")
      return .refused(lines.suffix(3).map(String.init))
    }
    return .program(path: "\(folder)/scenarios", identity: identity.description)
  }

  private func run(_ program: String, _ arguments: [String]) throws(GradingError)
    -> ChildProcess.Ending
  {
    var child = try ChildProcess(
      program, arguments, limits: .compiler, environment: ChildProcess.inherited)
    return child.wait()
  }

  /// As for an exercise, but the file's top level is the program.
  private func compilerArguments(_ file: String) -> [String] {
    ["-frontend", "-c", "-primary-file", file]
      + kit.moduleArguments.filter { $0 != "-parse-as-library" }
      + [
        "-module-name", "Scenarios", "-o", "\(folder)/Scenarios.o", "-target", Kit.target, "-g",
        "-debug-info-format=dwarf", "-dwarf-version=4", "-diagnostic-style=llvm",
        "-no-color-diagnostics", "-disable-objc-interop",
      ]
  }

  private var linkerArguments: [String] {
    let libraries = [
      "FencelabKit", "swiftCore", "swiftSwiftOnoneSupport", "swift_Concurrency",
      "swift_StringProcessing", "swiftSynchronization",
    ]
    return [
      "-pie", "-fuse-ld=lld", "-o", "\(folder)/scenarios",
      "\(kit.runtimeFolder)/\(Kit.arch)/swiftrt.o", "\(folder)/Scenarios.o", "-L", kit.folder, "-L",
      kit.runtimeFolder, "-Wl,--as-needed",
    ] + libraries.map { "-l\($0)" }
      + ["-Wl,-rpath,\(kit.folder)", "-Wl,-rpath,\(kit.runtimeFolder)"]
  }
}
