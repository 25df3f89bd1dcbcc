import Foundation
import Glibc
import Testing

/// A generated class; `FENCELAB_CLASS=200` for the whole one.
struct ClassCommandTests {
  private static let size =
    ProcessInfo.processInfo.environment["FENCELAB_CLASS"].flatMap(Int.init) ?? 12
  /// What people hand in; long ones are rare, as in life.
  private static let answers = [
    "Right", "PrintsFrames", "Traps", "DoesNotCompile", "Right", "Seam", "Shadows", "Floods",
    "SpeaksOfForbiddenThings", "Right", "ImportsFoundation", "Hoards",
  ]

  private func generate(_ program: Program) throws -> [String: String] {
    var files: [String: String] = [:]
    for index in 0..<Self.size {
      let isLong = index % 50 == 49
      let name = isLong ? "EndlessLoop" : Self.answers[index % Self.answers.count]
      let text = try String(
        contentsOfFile: "\(program.root)/Answers/\(name).swift", encoding: .utf8)
      let student = "student-\(String(index + 1000).dropFirst())"
      let folder = "\(program.root)/class/\(student)/Exercises/01-fixtures/1-hand-over"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let file = "\(folder)/Exercise.swift"
      // Nobody's file is another's: a fingerprint of one must not stand for the other.
      try (text + "\nlet by\(index) = \(index)\n").write(
        toFile: file, atomically: true, encoding: .utf8)
      files[student] = file
    }
    return files
  }

  @Test func `a class that was killed goes on, and equals single grades`() throws {
    let program = try Program()
    defer { program.remove() }
    let files = try generate(program)
    let probe = try program.run("grade", "01.1", "--isolated", "--with", "Answers/Right.swift")
    let isolation = probe.status == 0 ? ["--isolated"] : []
    let command = ["class", "class", "--exercise", "01.1", "--output", "results"] + isolation
    // Killed as soon as a quarter has its result.
    let interrupted = program.process(command)
    interrupted.standardOutput = FileHandle.nullDevice
    try interrupted.run()
    while interrupted.isRunning, count(program) < Self.size / 4 {}
    kill(interrupted.processIdentifier, SIGKILL)
    interrupted.waitUntilExit()
    let before = count(program)
    #expect(before >= Self.size / 4)

    let resumed = try program.run(arguments: command)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("\(Self.size) answers, \(before) of them graded before"))
    let results = try Data(contentsOf: URL(filePath: "\(program.root)/results/results.json"))
    let json = try JSONSerialization.jsonObject(with: results) as? [String: Any]
    let answers = try #require(json?["answers"] as? [[String: Any]])
    #expect(answers.count == Self.size)
    for answer in answers {
      let student = try #require(answer["student"] as? String)
      let file = try #require(files[student])
      let single = try program.run(
        arguments: ["grade", "01.1", "--format", "json", "--with", file] + isolation)
      let sheet = try JSONSerialization.jsonObject(with: Data(single.output.utf8))
      let entry = try #require(((sheet as? [String: Any])?["exercises"] as? [[String: Any]])?.first)
      for key in ["verdict", "rule", "misconception", "executions", "replay", "message"] {
        #expect("\(answer[key] ?? "")" == "\(entry[key] ?? "")", "\(student): \(key)")
      }
    }
  }

  private func count(_ program: Program) -> Int {
    let folder = "\(program.root)/results/answers"
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).count { name in
      let inside = try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
      return inside?.isEmpty == false
    }
  }

  @Test func `plans are printed, and parts are graded`() throws {
    let program = try Program()
    defer { program.remove() }
    _ = try generate(program)
    for (plan, mark) in [("ci", "part: [1, 2, 3]"), ("slurm", "#SBATCH --array=1-3")] {
      let printed = try program.run("class", "class", "--plan", plan, "--machines", "3")
      #expect(printed.status == 0 && printed.output.contains(mark))
    }
    let shard = ["class", "class", "--exercise", "01.1", "--output", "parts", "--shard"]
    #expect(try program.run(arguments: shard + ["2/6"]).status == 0)
    let collected = try program.run(
      "class", "class", "--exercise", "01.1", "--output", "parts", "--collect")
    #expect(collected.status == 1)
    #expect(collected.output.contains("have no result: run the same command again"))
    #expect(try program.run(arguments: shard + ["7/6"]).status == 64)
  }
}

struct QuizTests {
  /// The fixture course with a lesson that asks two questions.
  private func program() throws -> Program {
    let program = try Program()
    let folder = "\(program.root)/Lessons/01-fixtures"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let lesson = """
      ---
      title: Fixtures
      question: Who writes last?
      concepts: hand-over
      minutes: 1
      ---

      ```quiz id=last kind=recall
      What does the finisher write last?

      - [ ] The content :: The flag says that it is there.
      - [x] The flag :: Nothing may follow it.
      ```

      ```quiz id=run kind=trace
      Which rule breaks first?

      - [x] use after free :: The finisher goes on after the free.
      - [ ] leak :: The waiter frees the box.
      ```
      """
    try lesson.write(toFile: "\(folder)/lesson.md", atomically: true, encoding: .utf8)
    return program
  }

  private func guesses(_ program: Program) throws -> [String: [String: Any]] {
    let data = try Data(contentsOf: URL(filePath: "\(program.root)/.fencelab/progress.json"))
    let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return json?["guesses"] as? [String: [String: Any]] ?? [:]
  }

  @Test func `a guess is noted, and every answer is commented on`() throws {
    let program = try program()
    defer { program.remove() }
    let shown = try program.runOnTerminal("quiz", "1", typing: "ac")
    #expect(shown.contains("What does the finisher write last?"))
    #expect(shown.contains("I don't know."))
    #expect(shown.contains("Not quite."))
    for feedback in ["The flag says that it is there.", "Nothing may follow it."] {
      #expect(shown.contains(feedback))
    }
    #expect(shown.contains("0 of 2 right, 1 left open"))
    let guesses = try guesses(program)
    #expect(guesses["01-fixtures/last"]?["option"] as? Int == 0)
    #expect(guesses["01-fixtures/last"]?["isRight"] as? Bool == false)
    #expect(guesses["01-fixtures/run"]?["option"] == nil)
  }

  @Test func `only the first guess counts, and what was answered is not asked again`() throws {
    let program = try program()
    defer { program.remove() }
    _ = try program.runOnTerminal("quiz", "01", typing: "xb" + "q")
    #expect(try guesses(program).count == 1)
    let rest = try program.runOnTerminal("quiz", "01", typing: "a")
    #expect(rest.contains("Question 1 of 1") && rest.contains("1 of 1 right"))
    #expect(try program.run("quiz", "01").output.contains("--all asks again"))
    _ = try program.runOnTerminal("quiz", "01", "--all", typing: "ab")
    #expect(try guesses(program)["01-fixtures/last"]?["isRight"] as? Bool == true)
  }

  @Test func `where nobody answers nothing is noted`() throws {
    let program = try program()
    defer { program.remove() }
    let ending = try program.run("quiz", "01")
    #expect(ending.status == 1)
    #expect(ending.output.contains("Not answered"))
    #expect(!FileManager.default.fileExists(atPath: "\(program.root)/.fencelab/progress.json"))
  }
}
