import Foundation
import Glibc
import Testing

/// A learner's hour, on a real pseudo-terminal.
struct SessionTests {
  private static let exercise = "Exercises/01-fixtures/1-hand-over/Exercise.swift"
  private static let answers = "Tests/ExerciseTests/01-fixtures/1-hand-over"

  private func save(_ answer: String, _ program: Program) throws {
    let text = try String(contentsOfFile: "\(program.root)/\(answer)", encoding: .utf8)
    try text.write(
      toFile: "\(program.root)/\(Self.exercise)", atomically: true, encoding: .utf8)
  }

  private func expectFitting(
    _ screen: Screen, _ texts: String..., at location: SourceLocation = #_sourceLocation
  ) {
    for text in texts {
      #expect(screen.text.contains(text), "\(screen.text)", sourceLocation: location)
    }
    #expect(!screen.hasOverflown, "\(screen.text)", sourceLocation: location)
    #expect(screen.unknown.isEmpty, sourceLocation: location)
    #expect(screen.lines[0].contains("] "), "no bar: \(screen.text)", sourceLocation: location)
    #expect(
      screen.lines.last?.contains("q quit") == true, "\(screen.text)", sourceLocation: location)
  }

  @Test(arguments: [(80, 24), (200, 50)])
  func `from a fresh clone to the next exercise`(columns: Int, rows: Int) throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run("start").output.contains("fencelab watch"))
    let session = try TerminalSession(
      program.process([], ["EDITOR": "false"]), size: (columns, rows))
    expectFitting(
      session.see("✗ 01.1 use after free", "q quit"), "0/3  01.1", "watching (inotify)",
      "h hint 1/2", "e edit")
    #expect(!session.screen.text.contains("n next"))

    try save("\(Self.answers)/Wrong/NeverFrees.swift", program)
    expectFitting(session.see("✗ 01.1 leak", "q quit"), "h hint 1/2")
    try session.type("h")
    expectFitting(session.see("hint 1 of 2", "h hint 2/2"), "Which of the two writes")
    try session.type("n")
    expectFitting(session.see("has not passed yet"))

    try save("Answers/DoesNotCompile.swift", program)
    expectFitting(session.see("✗ 01.1 does not compile", "q quit"), "Exercise.swift:10:")
    try session.type("e")
    expectFitting(session.see("false ended with status 1"))

    try save("Answers/Right.swift", program)
    expectFitting(session.see("✓ 01.1 passed", "n next"), "1/3  01.1", "v why it works")
    #expect(!session.screen.text.contains("h hint"))
    try session.type("v")
    expectFitting(session.see("Why it works", "Harder"), "Let two finishers share the box")
    try session.type("s")
    expectFitting(session.see("The solution"), "import ExerciseKit")

    try session.type("n")
    expectFitting(session.see("01.2 crashed"), "1/3  01.2")
    try session.type("q")
    #expect(session.readToEnd().contains("Next exercise: 01.2"))
    #expect(session.isAsAShellWantsIt)
  }

  @Test func `the list is searched and filtered, and chooses`() throws {
    let program = try Program()
    defer { program.remove() }
    let session = try TerminalSession(program.process(["watch", "01.1"]))
    session.see("✗ 01.1", "l list")
    try session.type("l")
    #expect(session.see("3 of 3, all", "enter choose").text.contains("> · 01.1") == false)
    try session.type("/few")
    #expect(session.see("1 of 3, all", "search: few_").text.contains("01.3"))
    try session.type("x")
    session.see("nothing fits")
    try session.type("\u{7F}\r")
    session.see("1 of 3, all", "enter choose")
    try session.type("\r")
    #expect(session.see("✗ 01.3 crashed").text.contains("0/3  01.3"))
    try session.type("lff")
    session.see("0 of 3, passed")
    try session.type("\u{1B}")
    session.see("✗ 01.3")
    try session.type("q")
    _ = session.readToEnd()
    #expect(session.isAsAShellWantsIt)
  }

  @Test func `a new size is drawn at once`() throws {
    let program = try Program()
    defer { program.remove() }
    let session = try TerminalSession(program.process(["watch", "01.1"]), size: (120, 40))
    expectFitting(session.see("✗ 01.1", "q quit"))
    for size in [(60, 15), (100, 30)] {
      session.resize(to: size)
      expectFitting(session.see("01.1", "q quit"))
    }
    session.resize(to: (60, 12))
    expectFitting(session.see("scroll", "q quit"))
    try session.type("\u{1B}[B\u{1B}[6~\u{1B}[6~")
    expectFitting(session.see("explored"))
    try session.type("q")
    _ = session.readToEnd()
    #expect(session.isAsAShellWantsIt)
  }

  @Test(arguments: ["\u{3}", "q"])
  func `a key ends a grade that would take long`(key: String) throws {
    let program = try Program()
    defer { program.remove() }
    try save("Answers/EndlessLoop.swift", program)
    let session = try TerminalSession(program.process(["watch", "01.1"]))
    session.see("01.1 grading")
    try session.type(key)
    _ = session.readToEnd()
    #expect(session.isAsAShellWantsIt)
    // It was not graded, so nothing was noted.
    #expect(try program.run("list").output.contains("· 01.1"))
  }

  @Test func `a save while a grade runs begins anew`() throws {
    let program = try Program()
    defer { program.remove() }
    try save("Answers/EndlessLoop.swift", program)
    let session = try TerminalSession(program.process(["watch", "01.1"]))
    session.see("01.1 grading")
    try save("Answers/Right.swift", program)
    #expect(session.see("✓ 01.1 passed").text.contains("1/3"))
    try session.type("q")
    _ = session.readToEnd()
  }

  @Test func `polling says so`() throws {
    let program = try Program()
    defer { program.remove() }
    let session = try TerminalSession(program.process(["watch", "01.1", "--poll"]))
    session.see("✗ 01.1", "watching (polling")
    try save("Answers/Right.swift", program)
    session.see("✓ 01.1 passed")
    try session.type("q")
    _ = session.readToEnd()
  }
}
