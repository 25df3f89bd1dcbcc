import Foundation
import Testing

struct LitmusCommandTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "LitmusTests/Programs").path

  private func withProgram(_ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try body(program)
  }

  @Test func `several tests are decided in one go`() throws {
    try withProgram { program in
      let files = ["SB+poonceonces", "SB+fencembonceonces"].map { "\(folder)/\($0).litmus" }
      let run = try program.run(arguments: ["litmus"] + files)
      #expect(run.status == 0)
      #expect(run.output.contains("Observation SB+poonceonces Sometimes 1 3"))
      #expect(run.output.contains("Observation SB+fencembonceonces Never 0 3"))
      #expect(!run.output.contains("\u{1B}"))
    }
  }

  @Test func `a mistake has file, line and repair, and does not keep the others from running`()
    throws
  {
    try withProgram { program in
      let folder = FileManager.default.temporaryDirectory
      let broken = folder.appending(path: "broken-\(ProcessInfo.processInfo.processIdentifier).l")
      defer { try? FileManager.default.removeItem(at: broken) }
      try "C t\n{ }\nP0(int *x)\n{\n  goto out;\n}\nexists (x=1)\n".write(
        to: broken, atomically: true, encoding: .utf8)
      let right = "\(self.folder)/LB+poonceonces.litmus"
      let run = try program.run("litmus", broken.path, right, "--no-load-buffering")
      #expect(run.status == 2)
      #expect(run.errors.contains("\(broken.path):5:3: `goto` is not supported."))
      #expect(run.output.contains("Observation LB+poonceonces Never 0 3"))
    }
  }

  @Test func `machines get one JSON object`() throws {
    try withProgram { program in
      let files = ["\(folder)/SB+poonceonces.litmus", "no-such-file.litmus"]
      let run = try program.run(arguments: ["litmus", "--format", "json"] + files)
      #expect(run.status == 2)
      let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
      let tests = try #require((object as? [String: Any])?["tests"] as? [[String: Any]])
      #expect(tests.count == 2)
      #expect(tests[0]["observation"] as? String == "Sometimes")
      #expect((tests[0]["states"] as? [Any])?.count == 4)
      #expect(tests[1]["error"] != nil)
    }
  }
}
