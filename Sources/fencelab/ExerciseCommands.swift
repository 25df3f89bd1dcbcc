internal import ArgumentParser
internal import Grading

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all exercises and how far each one is.")

  func run() throws {
    let course = try Course(.current())
    print(CourseList(course, try Progress(course.workspace), style: Terminal.reportStyle).text)
  }
}

struct NextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Name the next unsolved exercise.")

  func run() throws {
    let course = try Course(.current())
    print(NextStep(course, try Progress(course.workspace)).text)
  }
}

struct HintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hint", abstract: "Show one more hint.")

  @Argument(help: "An exercise such as 06.1; without one, the next unsolved one.")
  var exercise: String?

  func run() throws {
    let course = try Course(.current())
    let exercise = try course.exercise(orNext: exercise)
    let hint = try Desk(course.workspace).hint(exercise)
    Terminal.print(prose: "hint \(hint.index) of \(hint.count): \(hint.text)")
    if hint.index == hint.count {
      Terminal.print(
        prose: "That is the last hint. `fencelab solution --spoil \(exercise.number)` shows the "
          + "solution.")
    }
  }
}

struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Bring back an exercise's starter and keep a backup.")

  @Argument(help: "An exercise such as 06.1.")
  var exercise: String

  func run() throws {
    let course = try Course(.current())
    let exercise = try course.exercise(exercise)
    let backup = try Desk(course.workspace).reset(exercise)
    let kept = backup.map { " Your file is kept as \($0)." } ?? ""
    print("\(exercise.number) is as it was at the beginning.\(kept)")
  }
}

struct SolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solution", abstract: "Show the solution of an exercise that has passed.")

  @Argument(help: "An exercise such as 06.1.")
  var exercise: String

  @Flag(help: "Show it although the exercise has not passed.")
  var spoil = false

  func run() throws {
    let course = try Course(.current())
    let desk = Desk(course.workspace)
    let exercise = try course.exercise(exercise)
    print(try desk.solution(exercise, spoil: spoil))
    if let afterword = desk.afterword(exercise) { Terminal.print(prose: afterword.text) }
  }
}

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Grade an exercise each time it is saved.")

  @Argument(help: "An exercise such as 06.1; without one, the next unsolved one.")
  var exercise: String?

  @Flag(help: "Look for saves by itself, where the system does not tell of them.")
  var poll = false

  func run() throws {
    let course = try Course(.current())
    guard let keys = KeyReader() else {
      throw GradingError(
        "`fencelab watch` reads keys, and its input is no terminal.",
        repair: "Use `fencelab grade` here.")
    }
    let meant = try exercise.map { try course.exercise($0) }
    let session = try WatchSession(
      course, at: meant, style: Terminal.reportStyle, canMove: Terminal.canMoveCursor,
      isPolling: poll
    ) {
      Terminal.write($0)
    }
    try session.run(keys: keys)
    // The screen is gone; what stays is where the learner stands.
    _ = consume keys
    print(NextStep(course, try Progress(course.workspace)).text)
  }
}
