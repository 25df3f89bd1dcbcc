internal import FoundationEssentials

/// What a learner has done so far, in one versioned file that is only ever replaced whole.
///
/// A process that is killed while it writes leaves the old file or the new one, never half of one.
public struct Progress: Sendable {
  /// What is kept about one exercise.
  struct Entry: Sendable, Codable, Hashable {
    /// The file as it was when it passed last.
    var passed: ContentHash?
    /// The file as it was when it was graded last.
    var graded: ContentHash?
    /// The verdict then.
    var verdict: GradeVerdict?
    /// The schedule that failed then.
    var replay: String?
    /// Hints that were shown.
    var hintCount = 0
  }

  private struct File: Codable {
    var version: Int
    var exercises: [String: Entry]
    /// Answers to quiz items; older files have none.
    var guesses: [String: Guess]?
  }

  /// An answer to a quiz item.
  public struct Guess: Sendable, Codable, Hashable {
    /// The option that was chosen, counted from 0; nil for "I don't know".
    public let option: Int?
    /// Whether it was right.
    public let isRight: Bool
  }

  /// How far an exercise is.
  public enum State: Sendable, Hashable {
    /// Nobody graded it.
    case untouched
    /// Its last grade was not a pass.
    case failing(GradeVerdict)
    /// It passed.
    case solved
    /// It passed, and was changed after that.
    case solvedThenChanged
  }

  private static let version = 1
  private let workspace: Workspace
  private var entries: [String: Entry]
  private var guesses: [String: Guess]?

  private static func path(_ workspace: Workspace) -> String {
    "\(workspace.notesFolder)/progress.json"
  }

  /// Reads the file; there is none before the first grade.
  public init(_ workspace: Workspace) throws(GradingError) {
    self.workspace = workspace
    let path = Self.path(workspace)
    guard let data = FileManager.default.contents(atPath: path) else {
      entries = [:]
      return
    }
    guard let file = try? JSONDecoder().decode(File.self, from: data) else {
      throw GradingError(
        "\(workspace.shown(path)) cannot be read as progress.",
        repair: "Move it away to start anew: mv \(workspace.shown(path)) progress-old.json")
    }
    guard file.version == Self.version else {
      throw GradingError(
        "\(workspace.shown(path)) has version \(file.version), this fencelab writes "
          + "\(Self.version).",
        repair: "Use the fencelab that wrote it, or move the file away to start anew.")
    }
    entries = file.exercises
    guesses = file.guesses
  }

  /// The first answer to a quiz item of a lesson.
  public subscript(guess item: String) -> Guess? {
    get { guesses?[item] }
    set { guesses = (guesses ?? [:]).merging([item: newValue].compactMapValues(\.self)) { $1 } }
  }

  subscript(exercise: Exercise) -> Entry {
    get { entries[exercise.id] ?? Entry() }
    set { entries[exercise.id] = newValue }
  }

  /// Whether it passed at least once.
  public func isSolved(_ exercise: Exercise) -> Bool { self[exercise].passed != nil }

  /// How far it is, compared with what its file holds now.
  public func state(_ exercise: Exercise) -> State {
    let entry = self[exercise]
    if let passed = entry.passed {
      return passed == Self.hash(exercise.file) ? .solved : .solvedThenChanged
    }
    return entry.verdict.map(State.failing) ?? .untouched
  }

  /// The first exercise that never passed.
  public func next(in course: Course) -> Exercise? {
    course.exercises.first { !isSolved($0) }
  }

  /// The next exercise behind this one that never passed; from the start again at the end.
  func next(in course: Course, after exercise: Exercise) -> Exercise? {
    let behind = course.exercises.drop { $0 != exercise }.dropFirst()
    return behind.first { !isSolved($0) } ?? next(in: course)
  }

  /// Notes a grade of the learner's own file.
  ///
  /// - Returns: The progress with it, and with whatever another fencelab wrote meanwhile.
  @discardableResult public static func note(
    _ result: GradeResult, of exercise: Exercise, in workspace: Workspace
  ) throws(GradingError) -> Progress {
    // What was graded counts: the file may hold something else by now.
    let hash = result.answer.map { ContentHash($0) } ?? hash(exercise.file)
    return try update(workspace) { progress in
      progress[exercise].graded = hash
      progress[exercise].verdict = result.verdict
      progress[exercise].replay = result.replay
      if result.isPassed { progress[exercise].passed = hash }
    }
  }

  /// Reads, changes and writes the file while no other fencelab does.
  @discardableResult static func update(
    _ workspace: Workspace, _ change: (inout Progress) -> Void
  ) throws(GradingError) -> Progress {
    do {
      try FileManager.default.createDirectory(
        atPath: workspace.notesFolder, withIntermediateDirectories: true)
    } catch {
      throw GradingError(
        "Cannot write \(workspace.shown(workspace.notesFolder)).",
        repair: "Make the checkout writable.")
    }
    let lock = try FileLock("\(workspace.notesFolder)/progress.lock")
    var progress = try Progress(workspace)
    change(&progress)
    try progress.save()
    _ = consume lock
    return progress
  }

  private func save() throws(GradingError) {
    let path = Self.path(workspace)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    do {
      let data = try encoder.encode(
        File(version: Self.version, exercises: entries, guesses: guesses))
      try WholeFile.write(data, to: path, by: "\(workspace.notesFolder)/drafts")
    } catch {
      throw GradingError(
        "Cannot write \(workspace.shown(path)).", repair: "Make the checkout writable.")
    }
  }

  private static func hash(_ file: String) -> ContentHash? {
    FileManager.default.contents(atPath: file).map { ContentHash($0) }
  }
}
