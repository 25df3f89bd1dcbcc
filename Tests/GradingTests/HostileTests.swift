import Foundation
import Grading
import Testing

/// One file of `Fixtures/Hostile`, with what its first lines declare.
struct HostileFile: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  var testDescription: String { name }

  static let all: [HostileFile] = {
    let folder = "\(Checkout.fixtures)/Hostile"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { name in
      let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      return HostileFile(name: String(name.dropLast(".swift".count)), text: text ?? "")
    }
  }()

  /// What `// <mode>: …` at the top says.
  func declared(_ mode: String) -> String? {
    let key = "// \(mode): "
    return text.split(separator: "\n").prefix { $0.hasPrefix("//") }
      .first { $0.hasPrefix(key) }.map { String($0.dropFirst(key.count)) }
  }

  func verdict(_ mode: String) -> DeclaredVerdict? {
    declared(mode).flatMap { DeclaredVerdict(line: "// expects: \($0)") }
  }
}

/// How a hostile file is graded.
enum Mode: String, CaseIterable {
  /// As everybody's.
  case checked = "default"
  /// With the static checks off: only the run time's limits are left.
  case unchecked
  /// The same, with nothing but bubblewrap's walls around the compilers and the program.
  case isolated

  var isIsolated: Bool { self == .isolated }

  func verdict(_ file: HostileFile) -> DeclaredVerdict? {
    file.verdict(rawValue) ?? (self == .isolated ? file.verdict("unchecked") : nil)
  }
}

/// Whether namespaces can be had on this machine; CI installs bubblewrap.
let canIsolate: Bool = {
  guard let checkout = try? Checkout() else { return false }
  return (try? ExerciseGrader(checkout.workspace, isIsolated: true)) != nil
}()

/// How often each hostile file is graded; `FENCELAB_ROUNDS=5` for the whole campaign.
private let rounds = ProcessInfo.processInfo.environment["FENCELAB_ROUNDS"].flatMap(Int.init) ?? 1

struct HostileTests {
  private let checkout: Checkout

  init() throws { checkout = try Checkout() }

  /// Grades the file under a mode, round after round.
  private func results(
    _ file: HostileFile, _ mode: Mode, _ declared: DeclaredVerdict
  ) throws -> [GradeResult] {
    let grader = try ExerciseGrader(
      checkout.workspace, limits: .forTests(of: declared.verdict), isIsolated: mode.isIsolated,
      hasStaticChecks: mode == .checked)
    let path = "\(checkout.workspace.root)/Submitted.swift"
    let text = file.text.replacing("CHECKOUT", with: checkout.workspace.root)
    try checkout.write(text.replacing("KIT", with: grader.kitFolder), to: path)
    let exercise = try checkout.handOver()
    return try (0..<rounds).map { _ in try grader.grade(exercise, with: path) }
  }

  private func check(_ file: HostileFile, _ mode: Mode) throws {
    let before = try tree()
    let declared = try #require(mode.verdict(file), "\(file.name) declares nothing for \(mode)")
    for result in try results(file, mode, declared) {
      #expect(declared.isMet(by: result), "\(file.name), \(mode): \(result)")
      #expect(result.message.count > 20, "\(result.message)")
      if mode != .checked, let words = file.declared("says") {
        let said = result.message + result.details.joined(separator: " ")
        #expect(said.contains(words), "\(said)")
      }
      let report = GradeReport(result).text.split(separator: "\n")
      #expect(report.count <= Limits.reportLinesMax)
      let orders = report.joined().unicodeScalars.filter {
        [.control, .format].contains($0.properties.generalCategory)
      }
      #expect(orders.isEmpty, "\(file.name) gives orders to the terminal")
    }
    #expect(try tree() == before, "\(file.name) left something behind")
    #expect(try survivors().isEmpty, "\(file.name) left a process")
    for folder in [checkout.workspace.root, "/tmp", "/var/tmp", "/dev/shm"] {
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/left-behind"))
    }
  }

  /// Every file of the checkout but the kit's own notes, with its size.
  private func tree() throws -> [String: Int] {
    let root = checkout.workspace.root
    var sizes: [String: Int] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root)
    where !name.hasPrefix(".fencelab") && name != "Submitted.swift" {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")
      sizes[name] = attributes[.size] as? Int
    }
    return sizes
  }

  /// Processes that still run a program of this checkout; a killed one takes a moment to go.
  private func survivors() throws -> [String] {
    var found: [String] = []
    for _ in 0..<2_000 {
      found = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
        guard name.allSatisfy(\.isNumber),
          let program = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/\(name)/exe")
        else { return false }
        return program.hasPrefix(checkout.workspace.root)
      }
      if found.isEmpty { return [] }
    }
    return found
  }

  @Test(arguments: HostileFile.all)
  func `a hostile file gets its verdict`(file: HostileFile) throws {
    try check(file, .checked)
  }

  @Test(arguments: HostileFile.all)
  func `with the static checks off it gets its verdict at run time`(file: HostileFile) throws {
    try check(file, .unchecked)
  }

  @Test(
    .enabled(if: canIsolate, "bubblewrap cannot make namespaces on this machine"),
    arguments: HostileFile.all)
  func `in namespaces of its own it gets its verdict`(file: HostileFile) throws {
    try check(file, .isolated)
  }

  @Test func `the campaign has every kind of file`() {
    #expect(HostileFile.all.count >= 28)
    for file in HostileFile.all {
      #expect(Mode.allCases.allSatisfy { $0.verdict(file) != nil }, "\(file.name)")
    }
  }
}

/// Files that no compiler should see.
struct UnusableSubmissionTests {
  private func result(_ make: (String) throws -> Void) throws -> GradeResult {
    let checkout = try Checkout()
    let path = "\(checkout.workspace.root)/Submitted.swift"
    try make(path)
    let result = try ExerciseGrader(checkout.workspace).grade(checkout.handOver(), with: path)
    #expect(result.details.first?.contains("Submitted.swift") == true, "\(result)")
    return result
  }

  @Test(arguments: ["", "\n\n  \t\n"])
  func `an empty file is told how to begin anew`(text: String) throws {
    let result = try result { try text.write(toFile: $0, atomically: true, encoding: .utf8) }
    #expect(result.verdict == .doesNotCompile && result.rule == "empty")
    #expect(result.message.contains("fencelab reset"))
  }

  @Test func `a file of ten megabytes is not read`() throws {
    let result = try result {
      try Data(repeating: 0x2F, count: 10 << 20).write(to: URL(filePath: $0))
    }
    #expect(result.verdict == .forbiddenConstruct && result.rule == "too-large")
    #expect(result.milliseconds < 1_000)
  }

  @Test(arguments: [[0xFF, 0xFE], [0x61, 0x00], [0xC0, 0x80], [0xED, 0xA0, 0x80]] as [[UInt8]])
  func `bytes that are no text are named by line`(bytes: [UInt8]) throws {
    let text = Array("import ExerciseKit\n// ".utf8) + bytes + Array("\n".utf8)
    let result = try result { try Data(text).write(to: URL(filePath: $0)) }
    #expect(result.verdict == .doesNotCompile && result.rule == "not-utf8")
    #expect(result.message.contains("Line 2"))
  }

  @Test(arguments: ["/dev/zero", "/etc/passwd", "Answers/Right.swift"])
  func `a symbolic link is not followed`(target: String) throws {
    let result = try result {
      try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: target)
    }
    #expect(result.verdict == .forbiddenConstruct && result.rule == "symbolic-link")
  }

  @Test func `a text that is nested too deep is given up`() throws {
    let depth = 20_000
    let nested = String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
    let result = try result {
      try "import ExerciseKit\nlet nested = \(nested)\n".write(
        toFile: $0, atomically: true, encoding: .utf8)
    }
    #expect(result.verdict == .doesNotCompile)
  }

  @Test func `what is no file is not opened`() throws {
    for make: (String) throws -> Void in [
      {
        let status = unsafe mkfifo($0, 0o600)
        #expect(status == 0)
      },
      { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true) },
    ] {
      let result = try result(make)
      #expect(result.verdict == .forbiddenConstruct && result.rule == "not-a-file")
    }
  }
}

struct SandboxTests {
  @Test func `where there is no bubblewrap the error says what to install`() throws {
    let checkout = try Checkout()
    #expect {
      try ExerciseGrader(checkout.workspace, bubblewrap: "/nowhere/bwrap")
    } throws: { error in
      "\(error)".contains("/nowhere/bwrap")
    }
  }

  @Test func `where namespaces are refused the error says so and what to change`() throws {
    let checkout = try Checkout()
    #expect {
      try ExerciseGrader(checkout.workspace, bubblewrap: "/bin/false")
    } throws: { error in
      "\(error)".contains("cannot be had here") && "\(error)".contains("user namespaces")
    }
  }

  @Test(.enabled(if: canIsolate, "bubblewrap cannot make namespaces on this machine"))
  func `a right answer passes in isolation, and a wrong one fails with the same schedule`() throws {
    let checkout = try Checkout()
    let open = try ExerciseGrader(checkout.workspace)
    let walled = try ExerciseGrader(checkout.workspace, isIsolated: true)
    for answer in ["Right", "PrintsFrames", "Traps", "DoesNotCompile"] {
      let results = try [open, walled].map {
        try $0.grade(checkout.handOver(), with: checkout.answer(answer))
      }
      #expect(results[0].verdict == results[1].verdict)
      #expect(results[0].rule == results[1].rule)
      #expect(results[0].replay == results[1].replay)
      #expect(results[0].message == results[1].message)
      #expect(results[0].details == results[1].details)
      let reports = results.map { GradeReport($0).text.split(separator: "\n").dropFirst() }
      #expect(reports[0] == reports[1])
    }
  }
}
