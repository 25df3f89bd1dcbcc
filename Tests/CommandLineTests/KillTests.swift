import Foundation
import Glibc
import Testing

/// Kills at random moments; `FENCELAB_KILLS=200` for the whole campaign.
@Suite(.serialized)
struct KillTests {
  private static let kills =
    ProcessInfo.processInfo.environment["FENCELAB_KILLS"].flatMap(Int.init) ?? 12
  private static let exercise = "Exercises/01-fixtures/1-hand-over/Exercise.swift"

  /// The same moments in every run.
  private struct Moments {
    var state: UInt64
    mutating func next(below limit: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % limit
    }
  }

  /// Starts a command again and again, looks at what it writes, and kills it.
  ///
  /// - Parameter check: What must hold at every moment.
  private func campaign(
    _ program: Program, _ arguments: [String], seed: UInt64, onTerminal: Bool = false,
    before: (Int) throws -> Void = { _ in }, check: () throws -> Void
  ) throws {
    var moments = Moments(state: seed)
    for round in 0..<Self.kills {
      try before(round)
      let process = program.process(arguments)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      let session = onTerminal ? try TerminalSession(process) : nil
      if session == nil { try process.run() }
      let moment = moments.next(below: 3_000)
      for _ in 0..<moment where process.isRunning { try check() }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try check()
      #expect(try program.run("list").status == 0)
      _ = session
    }
    #expect(try survivors(program).isEmpty)
  }

  private func progressIsWhole(_ program: Program) throws {
    let path = "\(program.root)/.fencelab/progress.json"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
  }

  private func text(_ program: Program) throws -> String {
    try String(contentsOfFile: "\(program.root)/\(Self.exercise)", encoding: .utf8)
  }

  /// Programs of checks that are still there; a killed one takes a moment to go.
  private func survivors(_ program: Program) throws -> [String] {
    var found: [String] = []
    for _ in 0..<2_000 {
      found = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/exe")
        return path?.hasPrefix(program.root) == true
      }
      if found.isEmpty { break }
    }
    return found
  }

  @Test func `a killed grade leaves progress and exercise whole`() throws {
    let program = try Program()
    defer { program.remove() }
    let before = try text(program)
    try campaign(program, ["grade", "01.1"], seed: 1) { try progressIsWhole(program) }
    #expect(try text(program) == before)
    #expect(try program.run("grade", "01.1").status == 1)
  }

  @Test func `a killed watch leaves progress and exercise whole`() throws {
    let program = try Program()
    defer { program.remove() }
    let answers = ["EndlessLoop", "Right", "PrintsFrames"]
    try campaign(program, ["watch", "01.1"], seed: 2, onTerminal: true) { round in
      let path = "\(program.root)/Answers/\(answers[round % answers.count]).swift"
      try String(contentsOfFile: path, encoding: .utf8).write(
        toFile: "\(program.root)/\(Self.exercise)", atomically: true, encoding: .utf8)
    } check: {
      try progressIsWhole(program)
    }
    let after = try program.run("grade", "01.1", "--with", "Answers/Right.swift")
    #expect(after.status == 0, "\(after.output)\(after.errors)")
  }

  @Test func `a killed reset leaves the work or the starter, and never loses the work`() throws {
    let program = try Program()
    defer { program.remove() }
    let starter = try text(program)
    var work = starter
    try campaign(program, ["reset", "01.1"], seed: 3) { round in
      work = "// work of round \(round)\n" + String(repeating: "// line\n", count: 4_000)
      try work.write(
        toFile: "\(program.root)/\(Self.exercise)", atomically: true, encoding: .utf8)
    } check: {
      let now = try text(program)
      #expect(now == work || now == starter)
      if now == work { return }
      #expect(try backups(program).contains(work))
    }
    let whole = try backups(program).allSatisfy { $0.hasSuffix("// line\n") }
    #expect(whole, "a backup is cut")
    let folder = "\(program.root)/Exercises/01-fixtures/1-hand-over"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.sorted() == ["Checks.swift", "Exercise.swift", "after.md", "hints.md"])
  }

  private func backups(_ program: Program) throws -> [String] {
    let folder = "\(program.root)/.fencelab/backups/01-fixtures/1-hand-over"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
  }

  @Test func `a killed class goes on, and ends with what it would have had`() throws {
    let program = try Program()
    defer { program.remove() }
    let answers = ["Right", "PrintsFrames", "Traps", "DoesNotCompile", "Seam"]
    for index in 0..<max(10, Self.kills / 2) {
      let folder = "\(program.root)/class/student-\(index)/01-fixtures/1-hand-over"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(program.root)/Answers/\(answers[index % answers.count]).swift",
        toPath: "\(folder)/Exercise.swift")
    }
    let command = ["class", "class", "--exercise", "01.1", "--jobs", "2", "--output"]
    let results = "\(program.root)/killed/answers"
    try campaign(program, command + ["killed"], seed: 4) {
      for student in (try? FileManager.default.contentsOfDirectory(atPath: results)) ?? [] {
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(results)/\(student)") {
          let data = try Data(contentsOf: URL(filePath: "\(results)/\(student)/\(name)"))
          #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
        }
      }
    }
    #expect(try program.run(arguments: command + ["killed"]).status == 0)
    #expect(try program.run(arguments: command + ["whole"]).status == 0)
    #expect(try table(program, "killed") == table(program, "whole"))
  }

  /// The table without the column of times.
  private func table(_ program: Program, _ output: String) throws -> [[Substring]] {
    let text = try String(contentsOfFile: "\(program.root)/\(output)/results.csv", encoding: .utf8)
    return text.split(separator: "\r\n").map { line in
      var cells = line.split(separator: ",", omittingEmptySubsequences: false)
      cells.remove(at: cells.count - 2)
      return cells
    }
  }
}
