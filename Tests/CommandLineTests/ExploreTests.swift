import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `fencelab explore`, run on files of somebody's own.
struct ExploreTests {
  private func withFile(
    _ text: String, _ body: (Program) throws -> Void
  ) throws {
    let program = try Program()
    defer { program.remove() }
    try text.write(toFile: "\(program.root)/mine.swift", atomically: true, encoding: .utf8)
    try body(program)
  }

  /// The blocks of a kind in a page.
  private func blocks(_ kind: String, of page: String) throws -> [String] {
    let root = "\(#filePath.dropLast("/Tests/CommandLineTests/ExploreTests.swift".count))"
    let text = try String(contentsOfFile: "\(root)/Documentation/\(page)", encoding: .utf8)
    return text.components(separatedBy: "```\(kind)\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  @Test func `the example of the documentation comes to what stands there`() throws {
    let source = try #require(blocks("swift", of: "Exploring.md").first)
    let report = try #require(blocks("text", of: "Exploring.md").first)
    try withFile(source) { program in
      let ending = try program.run("explore", "mine.swift")
      #expect(ending.output == report)
      #expect(ending.status == 1)
      let weak = try program.run("explore", "mine.swift", "--weak")
      #expect(weak.output.contains("r0=0 r1=0") && !report.contains("r0=0 r1=0"))
    }
  }

  /// Four threads that add to a word three times each: 369 600 executions.
  static let large = """
    import ScenarioKit
    explore("four adders") { lab in
      let word = lab.allocate(Word<UInt32>(0))
      for thread in 0..<4 {
        lab.thread("P\\(thread)", cpu: thread) {
          for _ in 0..<3 { _ = word.record.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally { lab.free(word) }
    }
    """

  @Test func `a search that ends early is no pass`() throws {
    try withFile(Self.large) { program in
      let ending = try program.run("explore", "mine.swift", "--budget", "2000", "--format", "json")
      #expect(ending.status == 2)
      let json = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
      let sheet = try #require(json as? [String: Any])
      #expect(sheet["version"] as? Int == 1)
      let entries = try #require(sheet["explorations"] as? [[String: Any]])
      #expect(entries[0]["verdict"] as? String == "not exhaustive")
      #expect(entries[0]["executions"] as? Int == 2000)
      let estimate = try #require(entries[0]["estimate"] as? Int)
      #expect((10_000...4_000_000).contains(estimate))
      let random = try #require(entries[0]["random"] as? [String: Any])
      #expect(random["foundFailure"] as? Bool == false)
    }
  }

  @Test func `a checkpoint goes on where it stopped, and refuses another program`() throws {
    let small = Self.large.replacing("0..<3", with: "0..<2")
    try withFile(small) { program in
      let whole = try program.run("explore", "mine.swift")
      #expect(whole.status == 0)
      #expect(whole.output.contains("explored 2520 executions"))
      let arguments = ["explore", "mine.swift", "--checkpoint", "kept.json", "--budget", "1000"]
      #expect(try program.run(arguments: arguments).output.contains("stopped after 1000"))
      let text = try String(contentsOfFile: "\(program.root)/mine.swift", encoding: .utf8)
      try (text + "\n// changed").write(
        toFile: "\(program.root)/mine.swift", atomically: true, encoding: .utf8)
      let refused = try program.run(arguments: arguments)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("made from another program"))
      try text.write(toFile: "\(program.root)/mine.swift", atomically: true, encoding: .utf8)
      #expect(try program.run(arguments: arguments).output.contains("stopped after 2000"))
      let last = try program.run(arguments: arguments)
      #expect(last.status == 0)
      #expect(last.output == whole.output)
      #expect(!FileManager.default.fileExists(atPath: "\(program.root)/kept.json"))
    }
  }

  @Test func `several processes print the same`() throws {
    try withFile(Self.large.replacing("0..<3", with: "0..<2")) { program in
      let alone = try program.run("explore", "mine.swift")
      #expect(try program.run("explore", "mine.swift", "--jobs", "3").output == alone.output)
    }
  }

  @Test func `Ctrl-C ends a search in good order, and the line of progress shows how it went`()
    throws
  {
    try withFile(Self.large.replacing("0..<3", with: "0..<5")) { program in
      let session = try TerminalSession(program.process(["explore", "mine.swift"]))
      #expect(session.read(until: "a second").contains("of about"))
      kill(session.process.processIdentifier, SIGINT)
      let shown = session.readToEnd()
      #expect(shown.contains("stopped after"))
      // The terminal has 80 columns, and the sentence goes on in the next line.
      #expect(shown.contains("that is no"))
      session.process.waitUntilExit()
      #expect(session.process.terminationStatus == 2)
    }
  }

  @Test func `a failing schedule is drawn as SVG that parses`() throws {
    let source = try #require(blocks("swift", of: "Exploring.md").first)
    try withFile(source) { program in
      let ending = try program.run("explore", "mine.swift", "--format", "svg")
      let parser = XMLParser(data: Data(ending.output.utf8))
      #expect(parser.parse())
      #expect(ending.output.contains("prefers-color-scheme:dark"))
      #expect(ending.output.contains("lab.free(job)"))
    }
  }

  @Test func `mistakes are named with what to do`() throws {
    try withFile("import ScenarioKit\nlet x: Int = \"no\"\n") { program in
      let wrong = try program.run("explore", "mine.swift")
      #expect(wrong.status == 1)
      #expect(wrong.errors.contains("mine.swift:2"))
      #expect(try program.run("explore", "none.swift").errors.contains("Cannot read"))
      #expect(try program.run("explore", "mine.swift", "--budget", "soon").status == 64)
    }
    try withFile("import ScenarioKit\n") { program in
      let empty = try program.run("explore", "mine.swift")
      #expect(empty.errors.contains("explores nothing"))
    }
    let crash = "import ScenarioKit\nexplore(\"x\") { lab in preconditionFailure(\"gone\") }\n"
    try withFile(crash) { program in
      let ending = try program.run("explore", "mine.swift")
      #expect(ending.status == 1)
      #expect(ending.errors.contains("ended before its explorations did"))
    }
  }
}

/// `fencelab replay` on files of somebody's own.
struct ReplayOfFilesTests {
  private static let source = """
    import ScenarioKit
    struct Job: ~Copyable {
      let done = Word<UInt32>(0)
      let more = Word<UInt32>(0)
    }
    explore("the waiter frees what the worker still uses") { lab in
      let job = lab.allocate(Job())
      lab.thread("worker", cpu: 0) {
        job.record.done.store(1, .release)
        job.record.more.store(2, .release)
      }
      lab.thread("waiter", cpu: 1) {
        lab.spin(until: job.record.done.equals(1, .acquire))
        lab.free(job)
      }
    }
    """

  private func withFile(_ body: (Program) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    let file = "\(program.root)/mine.swift"
    try Self.source.write(toFile: file, atomically: true, encoding: .utf8)
    try body(program)
  }

  @Test func `a name performs that execution, and another program is refused`() throws {
    try withFile { program in
      let explored = try program.run("explore", "mine.swift")
      let name = try #require(
        explored.output.split(separator: " ").last?.trimmingCharacters(in: .newlines))
      #expect(name.hasPrefix("mine.swift.1~"))
      let replayed = try program.run("replay", name)
      #expect(replayed.status == 0)
      #expect(replayed.output.contains("✗ use after free"))
      #expect(try program.run("replay", "mine.swift").output == replayed.output)
      let changed = Self.source.replacing(
        "job.record.more.store(2, .release)", with: "_ = job.record.more.fetchAdd(1, .full)")
      try changed.write(
        toFile: "\(program.root)/mine.swift", atomically: true, encoding: .utf8)
      let refused = try program.run("replay", name)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("Refused at step"))
      #expect(try program.run("replay", "mine.swift.7").errors.contains("no failed schedule"))
    }
  }

  @Test func `arrow keys step forward and back, and the terminal is left as it was`() throws {
    try withFile { program in
      _ = try program.run("explore", "mine.swift")
      let session = try TerminalSession(program.process(["replay", "mine.swift"]))
      #expect(session.read(until: "q quit").contains("step 1 of 4"))
      session.forget()
      try session.type("\u{1B}[C")
      #expect(session.read(until: "q quit").contains("step 2 of 4"))
      session.forget()
      try session.type("e")
      #expect(session.read(until: "q quit").contains("✗ use after free"))
      session.forget()
      try session.type("\u{1B}[D")
      #expect(session.read(until: "q quit").contains("step 3 of 4"))
      try session.type("q")
      session.process.waitUntilExit()
      #expect(session.isAsAShellWantsIt)
    }
  }

  @Test func `somebody who plays can go back, break it, and replay the break`() throws {
    try withFile { program in
      let ending = try program.run(
        "replay", "--play", "mine.swift", typing: "9\n1\n1\nu\n2\n2\n1\nq\n")
      #expect(ending.status == 0)
      #expect(ending.output.contains("There is no choice 9."))
      #expect(ending.output.contains("You broke it."))
      #expect(try program.run("replay", "mine.swift").output.contains("✗ use after free"))
    }
  }

  @Test func `a game that breaks nothing says so`() throws {
    try withFile { program in
      let ending = try program.run(
        "replay", "--play", "mine.swift", typing: "1\n1\n")
      #expect(ending.status == 1)
      #expect(!ending.output.contains("You broke it."))
    }
  }
}
