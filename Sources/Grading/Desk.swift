internal import FoundationEssentials

/// What a learner asks for about one exercise besides a grade.
public struct Desk: Sendable {
  let workspace: Workspace

  /// The desk of a checkout.
  public init(_ workspace: Workspace) { self.workspace = workspace }

  /// A hint and how many there are.
  public struct Hint: Sendable, Hashable {
    /// Counted from 1.
    public let index: Int
    /// Of how many.
    public let count: Int
    /// Markdown, with its heading.
    public let text: String
  }

  /// The next hint that was not shown yet; after the last one, the last one again.
  public func hint(_ exercise: Exercise) throws(GradingError) -> Hint {
    let hints = Self.hints(FileManager.default.contents(atPath: exercise.hintsFile) ?? Data())
    guard !hints.isEmpty else {
      throw GradingError(
        "\(exercise.number) has no hints.", repair: "Read its lesson again: `fencelab read`.")
    }
    let progress = try Progress.update(workspace) { progress in
      let shown = progress[exercise].hintCount
      progress[exercise].hintCount = min(shown + 1, hints.count)
    }
    let index = progress[exercise].hintCount
    return Hint(index: index, count: hints.count, text: hints[index - 1])
  }

  /// Every second-level heading begins a hint.
  private static func hints(_ data: Data) -> [String] {
    var hints: [String] = []
    let text = String(decoding: data, as: UTF8.self)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## ") {
        hints.append(String(line.dropFirst(3)))
      } else if !hints.isEmpty {
        hints[hints.count - 1] += "\n" + line
      }
    }
    return hints.map(\.trimmed)
  }

  /// How many hints there are, and how many were shown.
  func hintCounts(_ exercise: Exercise) throws(GradingError) -> (shown: Int, all: Int) {
    let all = Self.hints(FileManager.default.contents(atPath: exercise.hintsFile) ?? Data()).count
    return (min(try Progress(workspace)[exercise].hintCount, all), all)
  }

  /// What is worth knowing once an exercise has passed; nil where nobody wrote it down.
  public func afterword(_ exercise: Exercise) -> Afterword? {
    FileManager.default.contents(atPath: exercise.afterFile)
      .flatMap { Afterword(String(decoding: $0, as: UTF8.self)) }
  }

  /// Puts the starter back and keeps what was there.
  ///
  /// - Returns: Where it is kept; nil where nothing was there.
  public func reset(_ exercise: Exercise) throws(GradingError) -> String? {
    let starter = try Answers(exercise, workspace).starter()
    let isThere = FileManager.default.fileExists(atPath: exercise.file)
    let backup = isThere ? try backUp(exercise) : nil
    do {
      try WholeFile.write(
        starter.text.utf8, to: exercise.file, by: "\(workspace.notesFolder)/drafts")
    } catch {
      throw GradingError(
        "Cannot write \(workspace.shown(exercise.file)).", repair: "Make the checkout writable.")
    }
    return backup.map(workspace.shown)
  }

  private func backUp(_ exercise: Exercise) throws(GradingError) -> String {
    let folder = "\(workspace.notesFolder)/backups/\(exercise.id)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let taken = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
      let free = (1...).first { !taken.contains("Exercise-\($0).swift") } ?? 1
      let path = "\(folder)/Exercise-\(free).swift"
      // A copy is whole before it counts.
      let data = try Data(contentsOf: URL(filePath: exercise.file))
      try WholeFile.write(data, to: path, by: "\(workspace.notesFolder)/drafts")
      return path
    } catch {
      throw GradingError(
        "Cannot keep a copy of \(workspace.shown(exercise.file)), so nothing was changed.",
        repair: "Make \(workspace.shown(folder)) writable.")
    }
  }

  /// The solution, for those who passed or want it spoilt.
  public func solution(_ exercise: Exercise, spoil: Bool) throws(GradingError) -> String {
    let isSolved = try Progress(workspace).isSolved(exercise)
    guard spoil || isSolved else {
      throw GradingError(
        "\(exercise.number) has not passed yet: its solution is kept for later.",
        repair: "`fencelab hint \(exercise.number)` helps; --spoil shows the solution anyway.")
    }
    return try Answers(exercise, workspace).solution().text
  }
}
