import Explorer
import Foundation
import Grading
import Testing

struct ReplayTests {
  @Test func `a replay name performs the same steps again`() throws {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace)
    let result = try grader.grade(checkout.handOver())
    let name = try #require(result.replay)
    let failure = try #require(result.failure)
    let session = try ReplaySession(name, in: checkout.course, by: grader)
    guard case .failed(let again) = session.ending else {
      Issue.record("the schedule broke nothing")
      return
    }
    #expect(again.steps.map(\.event) == failure.steps.map(\.event))
    #expect(again.steps.map(\.line) == failure.steps.map(\.line))
    #expect(again.rule == failure.rule)
    #expect(session.text().contains("✗ \(failure.verdict.rawValue)"))
  }

  @Test func `a changed program is refused at the step that differs`() throws {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace)
    let exercise = try checkout.handOver()
    let name = try #require(try grader.grade(exercise).replay)
    let text = try String(contentsOfFile: exercise.file, encoding: .utf8)
    try checkout.write(
      text.replacing("box.record.isDone.store(1", with: "box.record.isDone.store(2"),
      to: exercise.file)
    #expect {
      try ReplaySession(name, in: checkout.course, by: grader)
    } throws: { error in
      (error as? GradingError)?.problem.contains("Refused at step") == true
    }
  }

  @Test(arguments: ["01.1.1", "~", "01.1~x", "01.1.x~1", "09.1.1~abc", "01.1.7~abc.1a"])
  func `what is no replay name is an error with a repair`(name: String) throws {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace)
    #expect(throws: GradingError.self) {
      try ReplaySession(name, in: checkout.course, by: grader)
    }
  }

  @Test func `an exercise stands for its last failing schedule`() throws {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace)
    #expect(throws: GradingError.self) {
      try ReplaySession("01.1", in: checkout.course, by: grader)
    }
    _ = try GradeSession(checkout.course).grade(.named(["01.1"]))
    #expect(try ReplaySession("01.1", in: checkout.course, by: grader).isReproduced)
  }
}
