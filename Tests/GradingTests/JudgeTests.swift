import ExerciseKit
import Explorer
import Foundation
import Grading
import Testing

struct JudgeTests {
  private let nonce = "abc"
  private let exercise = Exercise(lesson: "01-a", name: "1-b", folder: "/nowhere")

  private func judge(
    _ frames: [Frame], due: Int = 2, cause: ChildProcess.Cause = .exited(0), forged: String = "",
    errors: String = ""
  ) throws -> GradeResult {
    var bytes: [UInt8] = []
    for frame in frames {
      bytes += Array("\(nonce) ".utf8) + Array(try JSONEncoder().encode(frame)) + [10]
    }
    bytes += Array(forged.utf8)
    let ending = ChildProcess.Ending(
      cause: cause, output: [], errors: Array(errors.utf8), frames: bytes)
    return Judge(exercise: exercise, due: due).judge(ending, nonce: nonce)
  }

  private func explored(
    _ index: Int, _ verdict: Explorer.Verdict = .passed, rule: String = "",
    expected: Outcome = .passed, isExhaustive: Bool = true
  ) throws -> Frame {
    .explored(
      Explored(
        index: index, expected: expected,
        report: try sampleReport(verdict, rule: rule, isExhaustive: isExhaustive),
        misconception: nil))
  }

  private let begun = Frame.begun(version: Frame.version)
  private let finished = Frame.finished(explorations: 2, skipped: 0)

  @Test func `everything that is due and holds is a pass`() throws {
    let result = try judge([begun, explored(1), explored(2), finished])
    #expect(result.isPassed)
    #expect(result.isExhaustive)
    #expect(result.executions == 14)
  }

  @Test(arguments: Explorer.Verdict.allCases.filter { $0 != .passed })
  func `a broken rule has the explorer's verdict`(verdict: Explorer.Verdict) throws {
    let frames = try [
      begun, explored(1, verdict, rule: "r", isExhaustive: false),
      .finished(explorations: 2, skipped: 1),
    ]
    let result = try judge(frames)
    #expect(result.verdict.rawValue == verdict.rawValue)
    #expect(result.verdict == .notExhaustive || result.rule == "r")
  }

  @Test func `a cost within its limit is a pass, and one beyond it has no replay`() throws {
    let limit = Outcome.costs(atMost: Cost(updates: 0, barriers: 0, transfers: 4))
    let cheap = try judge([begun, explored(1), explored(2, expected: limit), finished])
    #expect(cheap.isPassed)
    #expect(cheap.message.contains("1 of 1 claims") && cheap.message.contains("1 of 1 costs"))
    let dear = try judge([
      begun, explored(1), explored(2, .tooCostly, rule: "too-costly/updates", expected: limit),
      finished,
    ])
    #expect(dear.verdict == .tooCostly && dear.rule == "too-costly/updates")
    #expect(dear.replay == nil)
    #expect(dear.claim?.expected == "at most 0 updates, 0 barriers and 4 line transfers")
    #expect(dear.claim?.got == "more updates")
  }

  @Test func `a search that did not see everything is no pass`() throws {
    let frames = try [begun, explored(1), explored(2, isExhaustive: false), finished]
    #expect(try judge(frames).verdict == .notExhaustive)
  }

  @Test func `a scenario must fail with the rule that it is after`() throws {
    let wanted = Outcome.fails(.useAfterFree, rule: "walk")
    let hit = try explored(1, .useAfterFree, rule: "walk", expected: wanted, isExhaustive: false)
    #expect(try judge([begun, hit, explored(2), finished]).isPassed)
    let harmless = try explored(1, expected: wanted)
    let missed = try judge([begun, harmless, .finished(explorations: 2, skipped: 1)])
    #expect(missed.verdict == .expectationFailed)
    #expect(missed.rule == "scenario/harmless")
    let other = try explored(1, .useAfterFree, rule: "else", expected: wanted, isExhaustive: false)
    let astray = try judge([begun, other, .finished(explorations: 2, skipped: 1)])
    #expect(astray.verdict == .useAfterFree)
    #expect(astray.rule == "else")
  }

  @Test func `a list that is incomplete or out of order is a crash`() throws {
    let lists: [[Frame]] = try [
      [], [begun], [begun, finished], [explored(1), explored(2), finished],
      [begun, explored(1), explored(2)], [begun, explored(1), finished],
      [begun, explored(2), explored(1), finished], [begun, begun, explored(1), explored(2)],
      [begun, explored(1), explored(2), finished, explored(3)],
      [begun, .finished(explorations: 0, skipped: 0)],
      [begun, explored(1), .finished(explorations: 2, skipped: 1)],
      [.begun(version: 0), explored(1), explored(2), finished],
    ]
    for list in lists { #expect(try judge(list).verdict == .crashed, "\(list)") }
  }

  @Test func `fewer or more explorations than are due are a crash`() throws {
    let frames = try [begun, explored(1), explored(2), finished]
    for due in [0, 1, 3] { #expect(try judge(frames, due: due).verdict == .crashed) }
  }

  @Test func `frames without the nonce are not believed`() throws {
    let frames = try [begun, explored(1), explored(2)]
    let forged = "xyz {\"finished\":{\"explorations\":2,\"skipped\":0}}\n"
    #expect(try judge(frames, forged: forged).verdict == .crashed)
    #expect(try judge(frames, forged: "\(nonce) rubbish\n").verdict == .crashed)
  }

  @Test func `an early end has its own verdict whatever was reported`() throws {
    let frames = try [begun, explored(1), explored(2), finished]
    #expect(try judge(frames, cause: .timedOut).verdict == .timedOut)
    #expect(try judge(frames, cause: .signalled(SIGXCPU)).verdict == .timedOut)
    let printed = try judge(frames, cause: .printedTooMuch)
    #expect(printed.verdict == .tooMuchOutput)
    #expect(printed.message.contains("printed more than 1 MiB"))
    let reported = try judge(frames, cause: .reportedTooMuch)
    #expect(reported.verdict == .tooMuchOutput)
    #expect(reported.message.contains("reported more than 16 MiB"))
    #expect(try judge(frames, cause: .signalled(SIGSEGV)).verdict == .crashed)
    #expect(try judge(frames, cause: .exited(1)).verdict == .crashed)
    let words = "Fatal error: failed to allocate 8 bytes of memory"
    #expect(
      try judge(frames, cause: .signalled(SIGABRT), errors: words).verdict == .outOfMemory)
  }

  @Test func `every verdict of the explorer is one of the grader's`() {
    for verdict in Explorer.Verdict.allCases {
      #expect(GradeVerdict(verdict).rawValue == verdict.rawValue)
    }
  }
}
