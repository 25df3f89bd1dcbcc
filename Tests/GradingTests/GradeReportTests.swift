import Explorer
import Foundation
import FoundationXML
import Grading
import Testing

struct GradeReportTests {
  private let exercise = Exercise(lesson: "01-a", name: "1-b", folder: "/nowhere")

  private func failing(stepCount: Int, belief: String? = nil) throws -> GradeResult {
    let report = try sampleReport(.useAfterFree, rule: "walk", stepCount: stepCount)
    var result = GradeResult(exercise, .useAfterFree, message: report.failure?.message ?? "")
    result.rule = "walk"
    result.claim = .init(name: report.name, expected: "no rule broken", got: "use after free")
    result.failure = report.failure
    result.belief = belief
    result.bound = report.bound
    result.executions = 7
    result.replay = "01.1.2~\(report.failure?.replay ?? "")"
    return result
  }

  private func lines(_ result: GradeResult, _ style: ReportStyle = ReportStyle()) -> [String] {
    GradeReport(result, style: style).text.split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  @Test(arguments: [1, 4, 12, 60, 500])
  func `a report fits on one screen, however long its schedule`(stepCount: Int) throws {
    let belief = String(repeating: "many believe something ", count: 12)
    let shown = lines(try failing(stepCount: stepCount, belief: belief))
    #expect(shown.count <= Limits.reportLinesMax)
    #expect(shown.allSatisfy { $0.count <= Limits.reportColumnsMax }, "\(shown)")
    #expect(shown.contains { $0.contains("✗ ") && $0.contains("source \(stepCount) ") })
  }

  @Test func `the order is verdict, schedule, expectation, belief, next step, bound`() throws {
    let shown = lines(try failing(stepCount: 4, belief: "Many believe it."))
    let marks = [
      "✗ 01.1 use after free (walk)", "cpu 0", "expected", "got", "Many", "next:", "explored",
    ]
    let places = marks.map { mark in shown.firstIndex { $0.contains(mark) } }
    #expect(!places.contains(nil), "\(shown)")
    #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
  }

  @Test func `a replay name that is too long for a line has a short form`() throws {
    var result = try failing(stepCount: 4)
    #expect(lines(result).contains("next: fencelab replay 01.1"))
    result.replay = "01.1.2~ab"
    #expect(lines(result).contains("next: fencelab replay 01.1.2~ab"))
  }

  @Test func `escape codes appear only where they are wanted`() throws {
    let result = try failing(stepCount: 4)
    #expect(!GradeReport(result).text.contains("\u{1B}"))
    #expect(GradeReport(result, style: ReportStyle(isStyled: true)).text.contains("\u{1B}"))
  }

  @Test func `only a sheet on which everything passed ends well`() throws {
    let passed = GradeResult(exercise, .passed, message: "")
    #expect(GradeSheet([passed]).exitCode == 0)
    #expect(GradeSheet([passed, try failing(stepCount: 1)]).exitCode == 1)
    #expect(GradeSheet([]).exitCode == 1)
  }

  @Test func `JSON always has every key`() throws {
    let sheet = GradeSheet([try failing(stepCount: 2), GradeResult(exercise, .passed, message: "")])
    let object = try JSONSerialization.jsonObject(with: Data(sheet.text(.json).utf8))
    let json = try #require(object as? [String: Any])
    #expect(json["version"] as? Int == 1)
    let entries = try #require(json["exercises"] as? [[String: Any]])
    let keys: Set = [
      "id", "verdict", "rule", "misconception", "executions", "exhaustive", "bound",
      "milliseconds", "replay", "message",
    ]
    #expect(entries.count == 2)
    for entry in entries { #expect(Set(entry.keys) == keys) }
    #expect(entries[0]["verdict"] as? String == "use after free")
    #expect(entries[1]["replay"] is NSNull)
  }

  @Test func `JUnit is well-formed whatever a message holds`() throws {
    var result = try failing(stepCount: 2)
    result.message = "a < b && \"c\" \u{1B}[0m ]]>"
    let parser = XMLParser(data: Data(GradeSheet([result]).text(.junit).utf8))
    #expect(parser.parse())
  }

  @Test func `TAP names its plan and every result`() throws {
    let sheet = GradeSheet([GradeResult(exercise, .passed, message: ""), try failing(stepCount: 1)])
    let lines = sheet.text(.tap).split(separator: "\n")
    #expect(lines.prefix(3) == ["TAP version 14", "1..2", "ok 1 - 01-a/1-b"])
    #expect(lines[3] == "not ok 2 - 01-a/1-b")
  }
}
