import Explorer
import Foundation
import Kernel
import Machine
import Testing

/// How much memory a long search takes: a campaign, which must run alone to say anything.
@Suite struct MemoryUseModelTests {
  private static let executions =
    ProcessInfo.processInfo.environment["FENCELAB_EXECUTIONS"].flatMap { Int($0) }

  /// The most memory that the process ever had, in bytes.
  private static func peak() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 1024
  }

  @Test(.enabled(if: executions != nil), arguments: ExplorationOptions.Memory.allCases)
  func `a long search stays under 200 megabytes`(memory: ExplorationOptions.Memory) throws {
    var options = ExplorationOptions()
    options.memory = memory
    options.executionsMax = Self.executions ?? 1
    let report = explore("long search", options: options) { lab in
      let w = lab.allocate(Words())
      for thread in 0..<5 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<3 { _ = w.record.x.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally { lab.free(w) }
    }
    #expect(report.verdict == .notExhaustive)
    #expect(report.executions == options.executionsMax)
    let peak = try Self.peak()
    #expect(peak < 200_000_000)
    print("\(report.executions) executions in \(memory) memory: \(peak / 1_000_000) MB")
  }
}
