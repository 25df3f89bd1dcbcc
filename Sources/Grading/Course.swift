internal import FoundationEssentials

/// All exercises in the order in which they are solved.
public struct Course: Sendable {
  /// Where they lie.
  public let workspace: Workspace
  /// In order.
  public let exercises: [Exercise]

  /// Reads the folders; an exercise is a folder that holds checks, even where a learner has removed
  /// the file that they judge.
  public init(_ workspace: Workspace) {
    self.workspace = workspace
    var exercises: [Exercise] = []
    for lesson in Self.folders(in: workspace.exercisesFolder) {
      let lessonFolder = "\(workspace.exercisesFolder)/\(lesson)"
      for name in Self.folders(in: lessonFolder) {
        let exercise = Exercise(lesson: lesson, name: name, folder: "\(lessonFolder)/\(name)")
        let files = [exercise.file, exercise.checksFile]
        if files.contains(where: FileManager.default.fileExists) { exercises.append(exercise) }
      }
    }
    self.exercises = exercises
  }

  /// The exercise that somebody means.
  public func exercise(_ text: String) throws(GradingError) -> Exercise {
    let meant = exercises.filter { $0.isMeant(by: text) }
    if meant.count == 1 { return meant[0] }
    let known = exercises.map(\.number).joined(separator: ", ")
    throw GradingError(
      meant.isEmpty
        ? "There is no exercise \(text)."
        : "\(text) may mean \(meant.map(\.number).joined(separator: " or ")).",
      repair: known.isEmpty
        ? "This checkout has no exercises yet." : "`fencelab list` names them: \(known).")
  }

  /// The exercise that somebody means; the next unsolved one if nothing was said.
  public func exercise(orNext text: String?) throws(GradingError) -> Exercise {
    if let text { return try exercise(text) }
    guard let next = try Progress(workspace).next(in: self) else {
      throw GradingError("Every exercise has passed.", repair: "Name one: `fencelab list`.")
    }
    return next
  }

  private static func folders(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.first?.isNumber == true }.sorted {
      let (left, right) = (Int($0.prefix(while: \.isNumber)), Int($1.prefix(while: \.isNumber)))
      return (left ?? 0, $0) < (right ?? 0, $1)
    }
  }
}
