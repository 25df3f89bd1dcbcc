import Grading
import Testing

/// The real exercises: `fencelab verify` grades every answer in this folder, these tests the ends.
struct ExerciseTests {
  private let workspace = Workspace(
    root: String(#filePath.dropLast("/Tests/ExerciseTests/ExerciseTests.swift".count)))

  @Test func `every starter fails and every solution passes, as they declare`() throws {
    let course = Course(workspace)
    #expect(!course.exercises.isEmpty)
    let findings = try ExerciseVerifier(course).verify(.ends, jobs: 2)
    #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
  }

  @Test func `a starter's report fits on a screen, and its schedule can be performed again`() throws
  {
    let course = Course(workspace)
    let grader = try ExerciseGrader(workspace)
    for exercise in course.exercises {
      let result = try grader.grade(exercise)
      let lines = GradeReport(result).text.split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= Limits.reportLinesMax)
      #expect(lines.allSatisfy { $0.count <= Limits.reportColumnsMax })
      guard let name = result.replay else { continue }
      #expect(try ReplaySession(name, in: course, by: grader).isReproduced)
    }
  }
}
