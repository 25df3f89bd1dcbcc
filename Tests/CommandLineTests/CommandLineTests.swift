import Foundation
import Testing

struct CommandLineTests {
  private func withProgram(_ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    try body(program)
  }

  @Test(arguments: [
    [], ["start"], ["read"], ["run"], ["list"], ["next"], ["watch"], ["grade"], ["replay"],
    ["hint"], ["solution"], ["reset"], ["verify"], ["weave"], ["site"], ["site", "build"],
    ["class"], ["quiz"], ["litmus"], ["explore"],
  ])
  func `every command has help`(command: [String]) throws {
    try withProgram { program in
      let process = try program.run(arguments: command + ["--help"])
      #expect(process.status == 0)
      #expect(process.output.contains("USAGE: fencelab"))
      #expect(process.output.contains("OVERVIEW"))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `shells can complete`(shell: String) throws {
    try withProgram { program in
      let script = try program.run("--generate-completion-script", shell)
      #expect(script.status == 0)
      #expect(script.output.contains("replay"))
    }
  }

  @Test func `without a terminal the bare command shows the status`() throws {
    try withProgram { program in
      let bare = try program.run()
      #expect(bare.status == 0)
      #expect(bare.output.contains("0 of 3 solved. Next: 01.1"))
      #expect(try program.run("list").output == bare.output)
    }
  }

  @Test func `exit codes tell a pass from a failure, and a failure from a mistake`() throws {
    try withProgram { program in
      let right = "Answers/Right.swift"
      #expect(try program.run("grade", "01.1", "--with", right).status == 0)
      #expect(try program.run("grade", "01.1").status == 1)
      #expect(try program.run("grade", "01.1", "--all").status == 64)
      #expect(try program.run("grade", "01.1", "--format", "xml").status == 64)
      let unknown = try program.run("grade", "77.1")
      #expect(unknown.status == 1)
      #expect(unknown.errors.contains("There is no exercise 77.1."))
      #expect(unknown.errors.contains("fencelab list"))
    }
  }

  @Test func `outside of a checkout the error says what to do`() throws {
    try withProgram { program in
      let lost = try program.run("list", in: "/")
      #expect(lost.status == 1)
      #expect(lost.errors.contains("No Fencelab checkout"))
    }
  }

  @Test func `a grade as JSON parses, and its replay name works`() throws {
    try withProgram { program in
      let graded = try program.run("grade", "01.1", "--format", "json")
      let json = try JSONSerialization.jsonObject(with: Data(graded.output.utf8))
      let entries = (json as? [String: Any])?["exercises"] as? [[String: Any]]
      let entry = try #require(entries?.first)
      #expect(entry["verdict"] as? String == "use after free")
      let name = try #require(entry["replay"] as? String)
      let replayed = try program.run("replay", name)
      #expect(replayed.status == 0)
      #expect(replayed.output.contains("✗ use after free"))
      #expect(try program.run("replay", "01.1").output == replayed.output)
    }
  }

  @Test func `a pass is remembered, and opens the solution`() throws {
    try withProgram { program in
      #expect(try program.run("solution", "01.1").status == 1)
      let file = "\(program.root)/Exercises/01-fixtures/1-hand-over/Exercise.swift"
      try FileManager.default.removeItem(atPath: file)
      try FileManager.default.copyItem(
        atPath: "\(program.root)/Answers/Right.swift", toPath: file)
      #expect(try program.run("grade").status == 0)
      #expect(try program.run("list").output.contains("✓ 01.1"))
      #expect(try program.run("next").output.contains("01.2"))
      #expect(try program.run("solution", "01.1").output.contains("awaitAndFree"))
    }
  }

  @Test func `progress can be read at every moment, also when its writer is killed`() throws {
    try withProgram { program in
      let path = "\(program.root)/.fencelab/progress.json"
      #expect(try program.run("hint", "01.1").status == 0)
      for round in 1...12 {
        let process = program.process(["hint", "01.1"])
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        for _ in 0..<(round * 40) where process.isRunning {
          let data = try Data(contentsOf: URL(filePath: path))
          #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data) }
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try program.run("list").status == 0)
      }
    }
  }
}

struct ColourTests {
  @Test func `a pipe is sent no escape codes`() throws {
    let program = try Program()
    defer { program.remove() }
    for command in [["list"], ["grade", "01.1"], ["replay", "01.1"], ["start"]] {
      let ending = try program.run(arguments: command)
      #expect(!ending.output.contains("\u{1B}"))
      #expect(!ending.errors.contains("\u{1B}"))
    }
  }

  @Test func `a terminal is sent colours, unless NO_COLOR forbids them`() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.runOnTerminal("list").contains("\u{1B}["))
    for variables in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let plain = try program.runOnTerminal("list", variables: variables)
      #expect(plain.contains("0 of 3 solved"))
      #expect(!plain.contains("\u{1B}"))
    }
  }
}

struct WatchTests {
  @Test func `watching grades at once, hints, and ends with q`() throws {
    let program = try Program()
    defer { program.remove() }
    let session = try TerminalSession(program.process(["watch", "01.1"]))
    session.see("✗ 01.1 use after free", "watching (inotify)")
    try session.type("h")
    session.see("hint 1 of 2")
    try session.type("n")
    session.see("01.1 has not passed yet")
    try session.type("q")
    #expect(session.readToEnd().contains("Next exercise: 01.1"))
  }

  @Test func `a save is graded, and the terminal is left as it was`() throws {
    let program = try Program()
    defer { program.remove() }
    let session = try TerminalSession(program.process(["watch", "01.1"]))
    #expect(session.read(until: "r run again").contains("✗ 01.1"))
    #expect(!session.isAsAShellWantsIt)
    session.forget()
    let answer = try String(contentsOfFile: "\(program.root)/Answers/Right.swift", encoding: .utf8)
    try answer.write(
      toFile: "\(program.root)/Exercises/01-fixtures/1-hand-over/Exercise.swift",
      atomically: true, encoding: .utf8)
    #expect(session.read(until: "n next").contains("✓ 01.1 passed"))
    try session.type("nq")
    #expect(session.readToEnd().contains("01.2"))
    #expect(session.isAsAShellWantsIt)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
  func `a signal leaves the terminal as it was`(signal: Int32) throws {
    let program = try Program()
    defer { program.remove() }
    // Without a command, on a terminal: the next unsolved exercise.
    let session = try TerminalSession(program.process([]))
    session.read(until: "q quit")
    kill(session.process.processIdentifier, signal)
    session.process.waitUntilExit()
    #expect(session.process.terminationReason == .uncaughtSignal)
    #expect(session.isAsAShellWantsIt)
  }

  @Test func `without a terminal there is nothing to watch`() throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run("watch")
    #expect(ending.status == 1)
    #expect(ending.errors.contains("fencelab grade"))
  }

  @Test func `a replay walks forward and back`() throws {
    let program = try Program()
    defer { program.remove() }
    _ = try program.run("grade", "01.1")
    let shown = try program.runOnTerminal("replay", "01.1", typing: "fbeq")
    #expect(shown.contains("step 1 of"))
    #expect(shown.contains("step 2 of"))
    #expect(shown.contains("✗ use after free"))
  }
}
