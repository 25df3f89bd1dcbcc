import Dispatch
import Explorer
import Foundation
import Machine
import Simulator
import Testing

private struct Count: ~Copyable {
  let value = Word<UInt64>(7)
}

/// A permanent record belongs to the process, and every conducted run has one of its own.
@Suite struct PermanentRecordTests {
  /// Four threads add twice each; whoever shares the word with somebody sees another sum.
  private static func adders(_ count: Object<Count>) -> @Sendable (Lab) -> Void {
    { lab in
      for thread in 0..<4 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<2 { _ = count.record.value.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally { lab.outcome("\(count.record.value.load(.relaxed))") }
    }
  }

  private static func explored(
    _ memory: ExplorationOptions.Memory, _ scenario: @escaping @Sendable (Lab) -> Void
  ) -> [String] {
    var options = ExplorationOptions()
    options.memory = memory
    let report = explore("adders", options: options, scenario)
    return ["\(report.verdict)", "\(report.executions)"] + (report.outcomes ?? []).map(\.outcome)
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `an exploration begins with what the record was made with`(
    memory: ExplorationOptions.Memory
  ) {
    let count = Machine.permanent(Count())
    count.record.value.store(50, .relaxed)
    #expect(Self.explored(memory, Self.adders(count)) == ["passed", "2520", "15"])
    #expect(count.record.value.load(.relaxed) == 50)
  }

  @Test func `a simulated run begins with what the record was made with`() {
    let count = Machine.permanent(Count())
    count.record.value.store(50, .relaxed)
    for _ in 0..<2 {
      let report = Simulation.run("Adder") { lab in
        lab.thread("task", cpu: 0) { _ = count.record.value.fetchAdd(1, .relaxed) }
        lab.finally {
          Machine.expect(count.record.value.load(.relaxed) == 8, "one was added to seven")
        }
      }
      #expect(report.isClean)
    }
    #expect(count.record.value.load(.relaxed) == 50)
  }

  @Test func `a record that is made during a run is in its copy`() {
    let report = Simulation.run("Late") { lab in
      lab.thread("task", cpu: 0) {
        let count = Machine.permanent(Count())
        _ = count.record.value.fetchAdd(1, .relaxed)
        Machine.expect(count.record.value.load(.relaxed) == 8, "one was added to seven")
      }
    }
    #expect(report.isClean)
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `what a native thread does meanwhile does not show`(memory: ExplorationOptions.Memory) {
    let count = Machine.permanent(Count())
    let found = Self.explored(memory) { lab in
      let isDone = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        _ = count.record.value.fetchAdd(1, .relaxed)
        isDone.signal()
      }
      isDone.wait()
      Self.adders(count)(lab)
    }
    #expect(found == ["passed", "2520", "15"])
    #expect(count.record.value.load(.relaxed) >= 7 + 2520)
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `runs side by side do not meet in it`(memory: ExplorationOptions.Memory) async {
    let count = Machine.permanent(Count())
    let found = await withTaskGroup(of: [String].self) { group in
      for _ in 0..<4 { group.addTask { Self.explored(memory, Self.adders(count)) } }
      return await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(found == [["passed", "2520", "15"]])
  }
}
