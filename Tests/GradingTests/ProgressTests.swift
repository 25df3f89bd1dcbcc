import Dispatch
import Foundation
import Grading
import Testing

struct ProgressTests {
  private func result(_ exercise: Exercise, _ verdict: GradeVerdict) -> GradeResult {
    GradeResult(exercise, verdict, message: "")
  }

  @Test func `progress is there again in the next process`() throws {
    let checkout = try Checkout()
    let exercise = try checkout.handOver()
    #expect(try Progress(checkout.workspace).state(exercise) == .untouched)
    try Progress.note(result(exercise, .leak), of: exercise, in: checkout.workspace)
    #expect(try Progress(checkout.workspace).state(exercise) == .failing(.leak))
    try Progress.note(result(exercise, .passed), of: exercise, in: checkout.workspace)
    #expect(try Progress(checkout.workspace).state(exercise) == .solved)
  }

  @Test func `a pass stays one when the file is changed, and the list says so`() throws {
    let checkout = try Checkout()
    let exercise = try checkout.handOver()
    let progress = try Progress.note(
      result(exercise, .passed), of: exercise, in: checkout.workspace)
    try checkout.write("// changed\n", to: exercise.file)
    #expect(progress.state(exercise) == .solvedThenChanged)
    #expect(progress.next(in: checkout.course)?.number == "01.2")
    #expect(CourseList(checkout.course, progress).text.contains("changed since"))
  }

  @Test(arguments: ["", "{", "[]", #"{"version":1}"#, #"{"version":2,"exercises":{}}"#])
  func `a file that cannot be understood is not overwritten`(text: String) throws {
    let checkout = try Checkout()
    let path = "\(checkout.workspace.notesFolder)/progress.json"
    try FileManager.default.createDirectory(
      atPath: checkout.workspace.notesFolder, withIntermediateDirectories: true)
    try checkout.write(text, to: path)
    #expect(throws: GradingError.self) {
      try GradeSession(checkout.course).grade(.named(["01.2"]))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func `several fencelabs at once lose nothing of each other`() throws {
    let checkout = try Checkout()
    let exercises = (1...24).map {
      Exercise(lesson: "01-a", name: "\($0)-b", folder: "\(checkout.workspace.root)/\($0)")
    }
    let workspace = checkout.workspace
    DispatchQueue.concurrentPerform(iterations: exercises.count) { index in
      let result = result(exercises[index], .leak)
      _ = try? Progress.note(result, of: exercises[index], in: workspace)
    }
    let progress = try Progress(checkout.workspace)
    #expect(exercises.allSatisfy { progress.state($0) == .failing(.leak) })
  }

  @Test func `a write replaces the file and leaves nothing beside it`() throws {
    let checkout = try Checkout()
    let exercise = try checkout.handOver()
    try Progress.note(result(exercise, .leak), of: exercise, in: checkout.workspace)
    let path = "\(checkout.workspace.notesFolder)/progress.json"
    let inode = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    try Progress.note(result(exercise, .passed), of: exercise, in: checkout.workspace)
    let after = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    #expect(inode != after)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: checkout.workspace.notesFolder)
    #expect(names.sorted() == ["drafts", "progress.json", "progress.lock"])
    let drafts = "\(checkout.workspace.notesFolder)/drafts"
    #expect(try FileManager.default.contentsOfDirectory(atPath: drafts).isEmpty)
  }
}

struct DeskTests {
  @Test func `each hint says one more, and the last one stays`() throws {
    let checkout = try Checkout()
    let exercise = try checkout.handOver()
    let desk = Desk(checkout.workspace)
    let hints = try (1...3).map { _ in try desk.hint(exercise) }
    #expect(hints.map(\.index) == [1, 2, 2])
    #expect(hints.allSatisfy { $0.count == 2 })
    #expect(hints[0].text.hasPrefix("Where to look"))
    #expect(throws: GradingError.self) {
      try desk.hint(checkout.course.exercise("01.2"))
    }
  }

  @Test func `a solution is shown after passing, or when it shall be spoilt`() throws {
    let checkout = try Checkout()
    let exercise = try checkout.handOver()
    let desk = Desk(checkout.workspace)
    #expect(throws: GradingError.self) { try desk.solution(exercise, spoil: false) }
    #expect(try desk.solution(exercise, spoil: true).contains("awaitAndFree"))
    try Progress.note(
      GradeResult(exercise, .passed, message: ""), of: exercise, in: checkout.workspace)
    #expect(try desk.solution(exercise, spoil: false).hasPrefix("import ExerciseKit"))
  }

  @Test func `a reset brings the starter back and loses nothing`() throws {
    let checkout = try Checkout()
    let exercise = try checkout.handOver()
    let starter = try String(contentsOfFile: exercise.file, encoding: .utf8)
    for work in ["// first work\n", "// second work\n"] {
      try checkout.write(work, to: exercise.file)
      let backup = try #require(try Desk(checkout.workspace).reset(exercise))
      let kept = "\(checkout.workspace.root)/\(backup)"
      #expect(try String(contentsOfFile: kept, encoding: .utf8) == work)
      #expect(try String(contentsOfFile: exercise.file, encoding: .utf8) == starter)
    }
  }
}
