internal import FoundationEssentials

/// Tells an editor's language server how exercise files are compiled.
///
/// Without it sourcekit-lsp knows nothing about them, because they belong to no target.
public struct CompileCommands: Sendable {
  private struct Command: Codable {
    let directory: String
    let file: String
    let arguments: [String]
  }

  private let course: Course
  private let kit: Kit

  /// Finds the kit.
  public init(_ course: Course) throws(GradingError) {
    self.course = course
    kit = try Kit.locate(course.workspace)
  }

  /// Writes `Exercises/compile_commands.json`; a file that is right already is left alone.
  public func write() throws(GradingError) {
    let workspace = course.workspace
    let path = "\(workspace.exercisesFolder)/compile_commands.json"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      let data = try encoder.encode(course.exercises.flatMap(commands))
      if FileManager.default.contents(atPath: path) == data { return }
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw GradingError(
        "Cannot write \(workspace.shown(path)).", repair: "Make the checkout writable.")
    }
  }

  private func commands(_ exercise: Exercise) -> [Command] {
    // The learner's compiled interface is kept beside the compiled checks.
    let interface = "\(course.workspace.notesFolder)/build/\(exercise.id)"
    let own = ["-module-name", "Exercise"] + ["-strict-memory-safety"]
    let checks = ["-module-name", "Checks", "-I", interface]
    return [(exercise.file, own), (exercise.checksFile, checks)].map { file, arguments in
      Command(
        directory: course.workspace.root, file: file,
        arguments: ["swiftc", file] + kit.moduleArguments + arguments)
    }
  }
}
