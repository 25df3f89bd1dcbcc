import Foundation
import FoundationXML
import Grading
import Synchronization
import Testing

/// A folder of generated answers beside a checkout.
private final class Classroom {
  let checkout: Checkout
  let folder: String
  let output: String

  /// - Parameter answers: For each student the name of a file of `Answers`, or nil for nothing.
  init(_ answers: [(student: String, answer: String?)]) throws {
    checkout = try Checkout()
    folder = "\(checkout.workspace.root)/class"
    output = "\(checkout.workspace.root)/results"
    for (student, answer) in answers { try handIn(student, answer) }
  }

  func handIn(_ student: String, _ answer: String?) throws {
    let place = "\(folder)/\(student)/Exercises/01-fixtures/1-hand-over"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    guard let answer else { return }
    let text = try String(contentsOfFile: checkout.answer(answer), encoding: .utf8)
    // Nobody's file is quite another's.
    try checkout.write(text + "\n// by \(student)\n", to: "\(place)/Exercise.swift")
  }

  func session(isIsolated: Bool = false) throws -> ClassSession {
    try ClassSession(
      checkout.course, folder: folder, output: output, exercises: ["01.1"], isIsolated: isIsolated)
  }

  /// Grades and returns the lines that were noted.
  @discardableResult func grade(_ shard: Shard = .whole, jobs: Int = 2) throws -> [String] {
    let lines = Notes()
    let failures = try session().grade(shard, jobs: jobs) { lines.add($0) }
    #expect(failures.isEmpty)
    return lines.all
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: "\(output)/\(name)", encoding: .utf8)
  }

  func json(_ name: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(read(name).utf8))
    return try #require(object as? [String: Any])
  }
}

private final class Notes: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}

struct ClassTests {
  private static let mixed: [(student: String, answer: String?)] = [
    ("ada", "Right"), ("bob", "PrintsFrames"), ("eve", "Exits"), ("kim", "Traps"), ("zoe", nil),
  ]

  @Test func `everybody has a result, in every form`() throws {
    let room = try Classroom(Self.mixed)
    try room.grade()
    let sheet = try room.session().sheet()
    #expect(sheet.exitCode == 0)
    try sheet.write()
    let rows = try room.read("results.csv").split(separator: "\r\n")
    #expect(rows.count == 6)
    #expect(rows[1].hasPrefix("ada,01-fixtures/1-hand-over,passed,1,"))
    #expect(rows[2].hasPrefix("bob,01-fixtures/1-hand-over,use after free,0,use-after-free,"))
    #expect(rows[5].hasPrefix("zoe,01-fixtures/1-hand-over,does not compile,0,missing,"))
    let page = try room.read("index.html")
    #expect(page.contains("<th scope=\"row\">eve</th><td class=\"bad\">"))
    #expect(XMLParser(data: Data(try room.read("junit.xml").utf8)).parse())
    #expect(try room.read("junit.xml").contains("tests=\"5\" failures=\"4\""))
    #expect(try (room.json("results.json")["answers"] as? [Any])?.count == 5)
  }

  @Test func `results equal single grades`() throws {
    let room = try Classroom(Self.mixed)
    try room.grade()
    let sheet = try room.session().sheet()
    try sheet.write()
    let answers = try #require(room.json("results.json")["answers"] as? [[String: Any]])
    let grader = try ExerciseGrader(room.checkout.workspace)
    for (student, answer) in Self.mixed where answer != nil {
      let path = "\(room.folder)/\(student)/Exercises/01-fixtures/1-hand-over/Exercise.swift"
      let single = try grader.grade(room.checkout.handOver(), with: path)
      let entry = try #require(answers.first { $0["student"] as? String == student })
      #expect(entry["verdict"] as? String == single.verdict.rawValue)
      #expect(entry["rule"] as? String == single.rule)
      #expect(entry["replay"] as? String == single.replay)
      #expect(entry["message"] as? String == single.message)
      #expect(entry["executions"] as? Int == single.executions)
    }
  }

  @Test func `a second run grades only what is new or changed`() throws {
    let room = try Classroom(Self.mixed)
    #expect(try room.grade().count == 6)
    #expect(try room.grade() == ["5 answers, 5 of them graded before"])
    try room.handIn("bob", "Right")
    try room.handIn("zoe", "Right")
    let notes = try room.grade()
    #expect(notes.first == "5 answers, 3 of them graded before")
    #expect(notes.count == 3)
    #expect(try room.session().sheet().summary.hasPrefix("5 answers graded, 3 passed."))
  }

  @Test func `a result that is half a file is no result`() throws {
    let room = try Classroom([("ada", "Right")])
    try room.grade()
    let path = "\(room.output)/answers/ada/01-fixtures-1-hand-over.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try room.checkout.write(String(text.prefix(text.count / 2)), to: path)
    #expect(try room.session().sheet().ungraded == ["ada 01.1"])
    #expect(try room.grade().first == "1 answers, 0 of them graded before")
    #expect(try room.session().sheet().exitCode == 0)
  }

  @Test func `checks that were handed in are not used, and the report says so`() throws {
    let room = try Classroom([("eve", "PrintsFrames")])
    try room.checkout.write(
      "// explorations: 1\n",
      to: "\(room.folder)/eve/Exercises/01-fixtures/1-hand-over/Checks.swift")
    try room.grade()
    try room.session().sheet().write()
    #expect(try room.read("results.csv").contains("use after free"))
    #expect(try room.read("results.csv").hasSuffix("Checks.swift\n"))
    #expect(try room.read("index.html").contains("Handed in changed and not used: Checks.swift"))
  }

  @Test func `an answer that is reached through a link is not read`() throws {
    let room = try Classroom([("ada", "Right")])
    try FileManager.default.createDirectory(
      atPath: "\(room.folder)/eve", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(room.folder)/eve/Exercises",
      withDestinationPath: "\(room.folder)/ada/Exercises")
    try room.grade()
    try room.session().sheet().write()
    let rows = try room.read("results.csv").split(separator: "\r\n")
    #expect(rows[2].hasPrefix("eve,01-fixtures/1-hand-over,forbidden construct,0,symbolic-link"))
  }

  @Test func `parts of a class make the whole`() throws {
    let room = try Classroom(Self.mixed)
    let parts = ["1/3", "2/3", "3/3"].compactMap(Shard.init)
    for part in parts { try room.grade(part) }
    #expect(try room.session().sheet().ungraded.isEmpty)
    for text in ["0/3", "4/3", "1", "a/b", "1/2/3", ""] { #expect(Shard(text) == nil) }
  }

  @Test func `a class that is empty is an error and no success`() throws {
    let checkout = try Checkout()
    let folder = "\(checkout.workspace.root)/nobody"
    #expect(throws: GradingError.self) {
      try ClassSession(
        checkout.course, folder: folder, output: nil, exercises: [], isIsolated: false)
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(throws: GradingError.self) {
      try ClassSession(
        checkout.course, folder: folder, output: nil, exercises: [], isIsolated: false)
    }
  }

  @Test func `Gradescope finds what it asks for`() throws {
    let room = try Classroom(Self.mixed)
    try room.grade()
    try room.session().sheet().write()
    for (student, answer) in Self.mixed {
      let results = try room.json("gradescope/\(student).json")
      let tests = try #require(results["tests"] as? [[String: Any]])
      #expect(results["score"] as? Double == (answer == "Right" ? 1 : 0))
      #expect(results["execution_time"] is Double)
      #expect(results["stdout_visibility"] as? String == "hidden")
      for test in tests {
        #expect(["passed", "failed"].contains(test["status"] as? String))
        #expect(["text", "html", "md"].contains(test["output_format"] as? String))
        #expect(test["visibility"] as? String == "visible")
        #expect(test["max_score"] as? Double == 1)
        #expect((test["output"] as? String)?.isEmpty == false)
      }
    }
  }

  @Test func `a name that looks like a formula or like markup stays a name`() throws {
    let room = try Classroom([("=cmd, <b>", "Traps")])
    try room.grade()
    try room.session().sheet().write()
    #expect(try room.read("results.csv").contains("\"'=cmd, <b>\","))
    #expect(try room.read("index.html").contains("=cmd, &lt;b&gt;"))
    #expect(XMLParser(data: Data(try room.read("junit.xml").utf8)).parse())
  }
}

struct ClassPlanTests {
  private let plan = ClassPlan(
    folder: "the class's folder", output: "out", exercises: ["01.1"], isIsolated: true,
    machines: 3)

  private func run(_ script: String, _ arguments: [String], _ input: String) throws -> Int32 {
    let path = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID())").path
    try input.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    var child = try ChildProcess(
      "/usr/bin/env", [script] + arguments + [path],
      limits: .init(wallMilliseconds: 60_000, outputBytes: 1 << 20, frameBytes: 0),
      environment: ProcessInfo.processInfo.environment)
    guard case .exited(let status) = child.wait().cause else { return -1 }
    return status
  }

  @Test func `a job array is a shell script with directives that Slurm knows`() throws {
    let text = plan.text(.slurm)
    #expect(try run("bash", ["-n"], text) == 0)
    let lines = text.split(separator: "\n")
    #expect(lines.first == "#!/bin/bash")
    // Directives end at the first command.
    let directives = lines.dropFirst().prefix { $0.hasPrefix("#") }
      .filter { $0.hasPrefix("#SBATCH ") }.map { $0.dropFirst("#SBATCH ".count) }
    #expect(directives.contains("--array=1-3"))
    let known = ["--job-name", "--array", "--cpus-per-task", "--mem", "--time", "--output"]
    for directive in directives {
      let parts = directive.split(separator: "=", maxSplits: 1)
      #expect(parts.count == 2 && known.contains(String(parts[0])), "\(directive)")
    }
    #expect(text.contains("class 'the class'\\''s folder' --exercise 01.1 --isolated"))
    #expect(text.contains("--shard \"${SLURM_ARRAY_TASK_ID:?}/3\""))
  }

  @Test func `a workflow has a job for every part and one that collects`() throws {
    let text = plan.text(.ci)
    #expect(!text.contains("\t"))
    for line in text.split(separator: "\n") {
      #expect(line.prefix { $0 == " " }.count.isMultiple(of: 2), "\(line)")
    }
    #expect(text.contains("part: [1, 2, 3]"))
    #expect(text.contains("needs: grade"))
    let hasYAML = try run("python3", ["-c", "import yaml"], "") == 0
    // Where a parser is installed, it has the last word.
    guard hasYAML else { return }
    let check = """
      import sys, yaml
      plan = yaml.safe_load(open(sys.argv[1]))
      jobs = plan["jobs"]
      assert set(jobs) == {"grade", "collect"}
      assert jobs["grade"]["strategy"]["matrix"]["part"] == [1, 2, 3]
      assert jobs["collect"]["needs"] == "grade"
      for job in jobs.values():
          assert job["runs-on"] and job["container"]["image"]
          for step in job["steps"]:
              assert ("run" in step) != ("uses" in step), step
      """
    #expect(try run("python3", ["-c", check], text) == 0)
  }
}
