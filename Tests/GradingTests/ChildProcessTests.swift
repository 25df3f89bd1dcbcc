import Foundation
import Grading
import Testing

struct ChildProcessTests {
  private func run(
    _ script: String, wallMilliseconds: Int = 60_000, outputBytes: Int = 1 << 20,
    request: [UInt8] = []
  ) throws -> ChildProcess.Ending {
    var child = try ChildProcess(
      "/bin/sh", ["-c", script],
      limits: .init(
        wallMilliseconds: wallMilliseconds, outputBytes: outputBytes, frameBytes: 1 << 20),
      environment: ["PATH": "/usr/bin:/bin"], request: request)
    return child.wait()
  }

  @Test func `what a child says on each descriptor is kept apart`() throws {
    let ending = try run("echo out; echo err >&2; echo frame >&4; cat <&3; exit 7", request: [65])
    #expect(ending.cause == .exited(7))
    #expect(String(decoding: ending.output, as: UTF8.self) == "out\nA")
    #expect(String(decoding: ending.errors, as: UTF8.self) == "err\n")
    #expect(String(decoding: ending.frames, as: UTF8.self) == "frame\n")
  }

  @Test func `a signal is told apart from an exit`() throws {
    #expect(try run("kill -SEGV $$").cause == .signalled(SIGSEGV))
  }

  @Test func `a child that never ends is stopped`() throws {
    #expect(try run("while :; do :; done", wallMilliseconds: 200).cause == .timedOut)
  }

  @Test func `a child that closes its pipes and goes on is stopped`() throws {
    let script = "exec 1>&- 2>&- 3>&- 4>&-; while :; do :; done"
    #expect(try run(script, wallMilliseconds: 200).cause == .timedOut)
  }

  @Test func `output without end is stopped`() throws {
    let ending = try run("yes", outputBytes: 100_000)
    #expect(ending.cause == .printedTooMuch)
    #expect(ending.output.count == 100_000)
  }

  @Test func `frames without end are told apart from output`() throws {
    let ending = try run("yes >&4")
    #expect(ending.cause == .reportedTooMuch)
    #expect(ending.frames.count == 1 << 20)
    #expect(ending.output.isEmpty)
  }

  @Test func `a program that cannot be started leaves no pipe open`() throws {
    func openCount() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
    let before = try openCount()
    for _ in 0..<200 {
      #expect(throws: GradingError.self) {
        _ = try ChildProcess("/no/such/program", [], limits: .checks, environment: [:])
      }
    }
    // Other tests open and close beside this one, a few at a time; the pipes would be 1 400.
    #expect(try openCount() < before + 400)
  }

  @Test func `a full pipe keeps nobody waiting`() throws {
    let ending = try run("head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero")
    #expect(ending.cause == .exited(0))
    #expect(ending.output.count == 300_000)
    #expect(ending.errors.count == 300_000)
  }

  @Test func `what a child started ends with it`() throws {
    let ending = try run("tail -f /dev/null & echo $!")
    #expect(ending.cause == .exited(0))
    let text = String(decoding: ending.output, as: UTF8.self)
    let orphan = try #require(Int32(text.split(separator: "\n").last ?? ""))
    // Its group was killed; dying takes a moment, and init may not have collected it yet.
    var isGone = false
    for _ in 0..<100_000 where !isGone {
      let status = (try? String(contentsOfFile: "/proc/\(orphan)/status", encoding: .utf8)) ?? ""
      isGone = status.isEmpty || status.contains("State:\tZ") || status.contains("State:\tX")
    }
    #expect(isGone)
  }

  @Test func `a program that is not there is an error with a repair`() {
    #expect(throws: GradingError.self) {
      _ = try ChildProcess("/nowhere/at/all", [], limits: .checks, environment: [:])
    }
  }
}
