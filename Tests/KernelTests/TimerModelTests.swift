import Explorer
import Kernel
import Machine
import Testing

/// Calling a timer off while what it runs arms it again, in every order.
@Suite(.serialized)
struct TimerModelTests {
  /// A timer whose body counts in memory that is freed once the timer is called off.
  private func report(
    memory: ExplorationOptions.Memory, armsAgain: Bool = true,
    _ callOff: @escaping @Sendable (KernelTimer) -> Void,
    afterwards: @escaping @Sendable (KernelTimer) -> Void = { _ in }
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = memory
    return explore("a timer is called off", options: options) { lab in
      let runs = lab.allocate(Cell<UInt32>(0))
      let timer = KernelTimer.make("timer", cpu: 1) { timer in
        runs.record.value += 1
        if armsAgain && runs.record.value == 1 { timer.arm(after: Jiffies(1)) }
      }
      lab.thread("driver", cpu: 0) {
        timer.arm(after: Jiffies(1))
        callOff(timer)
        lab.free(runs)
        afterwards(timer)
      }
    }
  }

  @Test(arguments: [ExplorationOptions.Memory.sequential, .weak], [true, false])
  func `nothing runs after a timer was called off and waited for`(
    memory: ExplorationOptions.Memory, armsAgain: Bool
  ) {
    let report = report(memory: memory, armsAgain: armsAgain) { timer in
      timer.cancelAndWait()
      Machine.expect(!timer.cancel(), "the timer is not armed")
      timer.shutDown()
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test(arguments: [ExplorationOptions.Memory.sequential, .weak], [true, false])
  func `nothing runs after a timer was shut down`(
    memory: ExplorationOptions.Memory, armsAgain: Bool
  ) {
    let report = report(memory: memory, armsAgain: armsAgain) { $0.shutDown() }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test func `a timer that is only called off may still run`() {
    let report = report(memory: .sequential) {
      $0.cancel()
    } afterwards: {
      $0.shutDown()
    }
    #expect([.dataRace, .useAfterFree].contains(report.verdict), "\(report)")
  }

  @Test func `what a shut timer still runs cannot arm it`() {
    let report = explore("armed in vain") { lab in
      let answers = lab.allocate(Word<UInt32>(0))
      let timer = KernelTimer.make("timer", cpu: 1) { timer in
        if timer.arm(after: .max) { _ = answers.record.fetchAdd(1, .relaxed) }
      }
      lab.thread("driver", cpu: 0) {
        timer.arm(after: Jiffies(1))
        timer.shutDown()
      }
      lab.finally {
        lab.expect(answers.record.load(.relaxed) == 0, "the timer was not armed before")
        lab.free(answers)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }
}
