import Grading
import Testing

/// Every answer in `Fixtures/Answers` gets its verdict, end to end.
struct VerdictTests {
  struct Case: CustomTestStringConvertible {
    let answer: String
    let verdict: GradeVerdict
    let rule: String?
    var testDescription: String { answer }

    init(_ answer: String, _ verdict: GradeVerdict, _ rule: String? = nil) {
      self.answer = answer
      self.verdict = verdict
      self.rule = rule
    }
  }

  @Test(arguments: [
    Case("Right", .passed),
    Case("UsesFilesAndBuffers", .passed),
    Case("SpeaksOfForbiddenThings", .passed),
    Case("PrintsFrames", .useAfterFree, "use-after-free"),
    Case("Shadows", .useAfterFree, "use-after-free"),
    Case("EndlessLoop", .timedOut),
    Case("Floods", .tooMuchOutput),
    Case("Hoards", .outOfMemory),
    Case("Traps", .crashed),
    Case("DoesNotCompile", .doesNotCompile),
    Case("DropsADeclaration", .doesNotCompile),
    Case("ImportsFoundation", .forbiddenConstruct, "import"),
    Case("Exits", .forbiddenConstruct, "import"),
    Case("UnsafeUnmarked", .forbiddenConstruct, "unsafe-code"),
    Case("UnsafeMarked", .forbiddenConstruct, "unsafe-code"),
    Case("UncheckedSendable", .forbiddenConstruct, "unchecked"),
    Case("NonisolatedUnsafe", .forbiddenConstruct, "unsafe-code"),
    Case("UnderscoredAttribute", .forbiddenConstruct, "underscored-attribute"),
    Case("CAttribute", .forbiddenConstruct, "attribute"),
    Case("Seam", .forbiddenConstruct, "seam"),
    Case("EndsWithItsOwnMain", .forbiddenConstruct, "seam"),
  ])
  func `an answer gets its verdict`(_ example: Case) throws {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace, limits: .forTests(of: example.verdict))
    let result = try grader.grade(checkout.handOver(), with: checkout.answer(example.answer))
    #expect(result.verdict == example.verdict, "\(result)")
    #expect(result.rule == example.rule, "\(result)")
    let report = GradeReport(result).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(report.count <= Limits.reportLinesMax)
    #expect(report.allSatisfy { $0.count <= Limits.reportColumnsMax })
  }

  @Test func `a trap is reported in the learner's own words`() throws {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace)
    let result = try grader.grade(checkout.handOver(), with: checkout.answer("Traps"))
    #expect(result.details.contains { $0.contains("the learner's own words") })
  }

  @Test(arguments: ["01.2", "01.3"])
  func `checks that do not come to their end are no pass`(number: String) throws {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace)
    #expect(try grader.grade(checkout.course.exercise(number)).verdict == .crashed)
  }

  @Test func `a failure names the belief behind it`() throws {
    let checkout = try Checkout()
    let result = try ExerciseGrader(checkout.workspace).grade(checkout.handOver())
    #expect(result.misconception == "done-means-over")
    #expect(GradeReport(result).text.contains("Many believe"))
  }

  @Test func `checks that were compiled before are used again only for the same interface`() throws
  {
    let checkout = try Checkout()
    let grader = try ExerciseGrader(checkout.workspace)
    for answer in ["Right", "DropsADeclaration", "Right", "PrintsFrames", "Right"] {
      let result = try grader.grade(checkout.handOver(), with: checkout.answer(answer))
      #expect(result.isPassed == (answer == "Right"), "\(answer): \(result)")
    }
  }
}
