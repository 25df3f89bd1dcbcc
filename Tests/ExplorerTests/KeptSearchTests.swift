import Explorer
import Foundation
import Kernel
import Machine
import Testing

/// A search that is stopped, written down and taken up by another one.
struct KeptSearchTests {
  private func text(_ report: ExplorationReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }

  /// Explores with a stop after every few executions; nothing but text goes from one to the next.
  private func inPieces(
    of size: Int, _ options: ExplorationOptions, _ scenario: @escaping @Sendable (Lab) -> Void
  ) throws -> (report: ExplorationReport, pieces: Int) {
    var kept: Data?
    for piece in 1... {
      let start = try kept.map { try JSONDecoder().decode(SearchState.self, from: $0) }
      var last = SearchState()
      let end = (start?.turns ?? 0) + size
      let monitor = SearchMonitor(
        start: start, isTimeToStop: { $0.turns >= end }, didEnd: { last = $0 })
      let report = explore("kept", options: options, watchedBy: monitor, scenario)
      if report.verdict != .notExhaustive { return (report, piece) }
      kept = try JSONEncoder().encode(last)
    }
    preconditionFailure("a range without an end has ended")
  }

  private func expectTheSame(
    _ memory: ExplorationOptions.Memory, inPiecesOf size: Int = 200,
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) throws {
    var options = ExplorationOptions()
    options.memory = memory
    let whole = explore("kept", options: options, scenario)
    let (report, pieces) = try inPieces(of: size, options, scenario)
    #expect(pieces > 2)
    #expect(try text(report) == text(whole))
  }

  private static func adders(_ isBroken: Bool) -> @Sendable (Lab) -> Void {
    { lab in
      let w = lab.allocate(Words())
      lab.interrupt("handler", cpu: 0) {
        if w.record.x.load(.relaxed) & 0xFF > 1 { w.record.y.store(1, .relaxed) }
      }
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<2 { _ = w.record.x.fetchAdd(1 << (UInt64(thread) * 8), .relaxed) }
          if thread == 0 { w.record.r0.store(w.record.y.load(.relaxed), .relaxed) }
        }
      }
      lab.finally {
        let (seen, sum) = (w.record.r0.load(.relaxed), w.record.x.load(.relaxed))
        lab.outcome("r0=\(seen)")
        lab.expect(!isBroken || seen == 1 || sum != 0x02_02_02, "the task comes last")
        lab.free(w)
      }
    }
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `a pass is found with the same counts`(memory: ExplorationOptions.Memory) throws {
    try expectTheSame(memory, Self.adders(false))
  }

  @Test func `a failure that comes late is found and explained`() throws {
    try expectTheSame(.weak, inPiecesOf: 64) { lab in
      let w = lab.allocate(Words())
      let lock = lab.allocate(SpinLock())
      for thread in 0..<4 {
        lab.thread("P\(thread)", cpu: thread) {
          let seen = w.record.x.fetchAdd(1, .relaxed)
          lock.record.lock()
          w.record.y.store(w.record.y.load(.relaxed) * 4 + seen, .relaxed)
          lock.record.unlock()
          if thread == 0 { w.record.r0.store(seen, .relaxed) }
          if thread == 1 { w.record.r1.store(seen, .relaxed) }
        }
      }
      lab.finally {
        let isLast = w.record.r0.load(.relaxed) == 2 && w.record.r1.load(.relaxed) == 1
        lab.expect(
          !isLast || w.record.y.load(.relaxed) != 0b01_11_00_10,
          "the threads come in another order")
        lab.free(w)
        lab.free(lock)
      }
    }
  }
}
