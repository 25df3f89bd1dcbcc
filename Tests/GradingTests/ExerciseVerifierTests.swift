import Foundation
import Grading
import Synchronization
import Testing

struct ExerciseVerifierTests {
  /// Removes the two fixture exercises that have no answers.
  private func verifiable() throws -> Checkout {
    let checkout = try Checkout()
    for name in ["2-ends-early", "3-too-few"] {
      try FileManager.default.removeItem(
        atPath: "\(checkout.workspace.exercisesFolder)/01-fixtures/\(name)")
    }
    return checkout
  }

  @Test func `answers that are what they declare are accepted, also disguised`() throws {
    let checkout = try verifiable()
    let notes = Mutex<[String]>([])
    let findings = try ExerciseVerifier(checkout.course).verify(jobs: 3) { note in
      notes.withLock { $0.append(note) }
    }
    #expect(findings.isEmpty, "\(findings)")
    #expect(notes.withLock(\.count) == 6)
  }

  @Test func `an answer that is not what it declares is named with both verdicts`() throws {
    let checkout = try verifiable()
    let answers = "\(checkout.workspace.answersFolder)/01-fixtures/1-hand-over"
    let path = "\(answers)/Wrong/NeverFrees.swift"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try checkout.write(
      text.replacing("expects: leak, rule=leak", with: "expects: leak, rule=x"), to: path)
    let findings = try ExerciseVerifier(checkout.course).verify()
    #expect(findings.count == 2)
    #expect(findings.allSatisfy { $0.contains("NeverFrees") && $0.contains("rule=leak") })
  }

  @Test func `an exercise without enough answers is found`() throws {
    let checkout = try verifiable()
    let answers = "\(checkout.workspace.answersFolder)/01-fixtures/1-hand-over"
    try FileManager.default.removeItem(atPath: "\(answers)/Right")
    try FileManager.default.removeItem(atPath: "\(answers)/Wrong/NeverFrees.swift")
    let exercise = try checkout.handOver()
    try checkout.write("// changed\n", to: exercise.file)
    let findings = try ExerciseVerifier(checkout.course).verify()
    #expect(findings.contains { $0.contains("2 wrong answers") })
    #expect(findings.contains { $0.contains("no unusual right answer") })
    #expect(findings.contains { $0.contains("differs from") })
  }

  @Test(arguments: ["// expects: nonsense", "expects: leak", "// expects: leak, rules=x", ""])
  func `a declaration that cannot be read is none`(line: String) {
    #expect(DeclaredVerdict(line: line) == nil)
  }

  @Test func `a declaration that can be read says all it says`() {
    let line = "// expects: data race, rule=a/b, misconception=c"
    #expect(DeclaredVerdict(line: line)?.description == "data race, rule=a/b, misconception=c")
  }
}
