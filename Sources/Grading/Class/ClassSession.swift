internal import FoundationEssentials
// Native only: no conductor runs in the grader.
internal import Synchronization

/// Grades a folder of answers, each once, and goes on where it was interrupted.
///
/// A result is one file that is written whole; whoever runs the same command again grades only what
/// has none, or what changed since.
public struct ClassSession: Sendable {
  private let course: Course
  private let folder: ClassFolder
  private let output: String
  private let exercises: [Exercise]
  private let grader: ExerciseGrader
  private let basis: [String: ContentHash]

  /// Lists the folder and finds the kit.
  ///
  /// - Parameters:
  ///   - folder: One folder a person.
  ///   - output: Where results are kept; beside the folder if nil.
  ///   - exercises: All of the course if empty.
  public init(
    _ course: Course, folder: String, output: String?, exercises: [String], isIsolated: Bool
  ) throws(GradingError) {
    self.course = course
    self.folder = try ClassFolder(Self.absolute(folder))
    self.output = output.map(Self.absolute) ?? self.folder.path + "-results"
    var meant: [Exercise] = []
    for name in exercises { meant.append(try course.exercise(name)) }
    let chosen = meant.isEmpty ? course.exercises : meant
    guard !chosen.isEmpty else {
      throw GradingError("There are no exercises.", repair: "Run it in a complete checkout.")
    }
    self.exercises = chosen
    grader = try ExerciseGrader(course.workspace, isIsolated: isIsolated)
    let kit = grader.kit.contentHash
    basis = Dictionary(
      uniqueKeysWithValues: chosen.map { exercise in
        var hash = kit
        hash.combine(FileManager.default.contents(atPath: exercise.checksFile) ?? Data())
        hash.combine("isolated: \(isIsolated)".utf8)
        return (exercise.id, hash)
      })
  }

  /// Grades what has no current result.
  ///
  /// - Parameters:
  ///   - shard: The part of the class that is graded here.
  ///   - jobs: Answers that are graded at a time.
  ///   - note: Told about each answer in one line, from several threads, one at a time.
  /// - Returns: What kept answers from being graded; these have no result, and are tried again
  ///   the next time.
  public func grade(
    _ shard: Shard = .whole, jobs: Int, note: @escaping @Sendable (String) -> Void
  ) throws(GradingError) -> [String] {
    // Fills the compiler's caches once, where all can read and nobody isolated can write.
    try grader.warmUp(course)
    let all = shard.part(of: folder.students).flatMap { student in
      exercises.map { folder.handIn(student, $0) }
    }
    let due = all.filter { handIn in
      guard let basis = basis[handIn.exercise.id] else { return true }
      return entry(handIn.student, handIn.exercise)?.isCurrent(handIn, basis: basis) != true
    }
    note("\(all.count) answers, \(all.count - due.count) of them graded before")
    let failures = Failures()
    SideBySide.perform(due.count, jobs: jobs) { index in
      let line = gradeOne(due[index], failures)
      failures.lines.withLock { _ in note("\(index + 1) of \(due.count)  \(line)") }
    }
    return failures.lines.withLock { $0 }
  }

  /// What kept answers from being graded.
  private final class Failures: Sendable {
    /// Also the lock under which lines are noted.
    let lines = Mutex<[String]>([])
  }

  private func gradeOne(_ handIn: HandIn, _ failures: Failures) -> String {
    let name = "\(handIn.student) \(handIn.exercise.number)"
    do {
      let result = try result(handIn)
      guard let basis = basis[handIn.exercise.id] else { return name }
      try keep(ClassEntry(result, of: handIn, basis: basis))
      return "\(name)  \(result.verdict.rawValue)  \(result.milliseconds) ms"
    } catch {
      failures.lines.withLock { $0.append("\(name): \(error)") }
      return "\(name)  not graded"
    }
  }

  private func result(_ handIn: HandIn) throws(GradingError) -> GradeResult {
    guard let file = handIn.file else {
      var result = GradeResult(
        handIn.exercise, .doesNotCompile,
        message: "Nothing was handed in: no Exercise.swift for \(handIn.exercise.id).")
      result.rule = "missing"
      return result
    }
    if folder.leads(outOf: handIn.student, file) {
      var result = GradeResult(
        handIn.exercise, .forbiddenConstruct,
        message: "The answer is reached through a symbolic link: hand in a copy.")
      result.rule = "symbolic-link"
      return result
    }
    return try grader.grade(handIn.exercise, with: file)
  }

  /// Everything that has a result, in the order of the class.
  public func sheet() -> ClassSheet {
    var entries: [ClassEntry] = []
    var missing: [String] = []
    for student in folder.students {
      for exercise in exercises {
        if let entry = entry(student, exercise) {
          entries.append(entry)
        } else {
          missing.append("\(student) \(exercise.number)")
        }
      }
    }
    return ClassSheet(entries: entries, ungraded: missing, output: output)
  }

  // MARK: - Results as files

  private func path(_ student: String, _ exercise: Exercise) -> String {
    "\(output)/answers/\(student)/\(exercise.lesson)-\(exercise.name).json"
  }

  private func entry(_ student: String, _ exercise: Exercise) -> ClassEntry? {
    FileManager.default.contents(atPath: path(student, exercise))
      .flatMap { try? JSONDecoder().decode(ClassEntry.self, from: $0) }
  }

  private func keep(_ entry: ClassEntry) throws(GradingError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let exercise = exercises.first(where: { $0.id == entry.grade.id }) else { return }
    let path = path(entry.student, exercise)
    do {
      try FileManager.default.createDirectory(
        atPath: "\(output)/answers/\(entry.student)", withIntermediateDirectories: true)
      try WholeFile.write(try encoder.encode(entry), to: path, by: "\(output)/.drafts")
    } catch {
      throw GradingError("Cannot write \(path).", repair: "Choose another --output.")
    }
  }

  private static func absolute(_ path: String) -> String {
    let full = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    return full.count > 1 && full.hasSuffix("/") ? String(full.dropLast()) : full
  }
}
