import Explorer
import Kernel
import Machine
import Testing

/// Calling a timer off while what it runs arms it again, in every order.
@Suite(.serialized)
struct TimerModelTests {
  /// A timer that counts its runs in memory that is freed once it is called off.
  private func report(
    memory: ExplorationOptions.Memory, armsAgain: Bool,
    _ callOff: @escaping @Sendable (KernelTimer) -> Void,
    afterwards: @escaping @Sendable (KernelTimer) -> Void = { _ in }
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = memory
    return explore("a timer is called off", options: options) { lab in
      let runs = lab.allocate(Cell<UInt32>(0))
      let timer = KernelTimer.make("timer", cpu: 1) { timer in
        runs.record.value += 1
        if armsAgain { Machine.expect(!timer.arm(after: .max), "it was not armed when it ran") }
      }
      lab.thread("driver", cpu: 0) {
        timer.arm(after: Jiffies(1))
        callOff(timer)
        lab.free(runs)
      }
      lab.finally { afterwards(timer) }
    }
  }

  @Test(arguments: [ExplorationOptions.Memory.sequential, .weak], [true, false])
  func `a timer that was called off and waited for is not armed`(
    memory: ExplorationOptions.Memory, armsAgain: Bool
  ) {
    let report = report(memory: memory, armsAgain: armsAgain) {
      $0.cancelAndWait()
    } afterwards: { timer in
      Machine.expect(!timer.cancel(), "the timer is not armed")
      timer.shutDown()
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test(arguments: [ExplorationOptions.Memory.sequential, .weak], [true, false])
  func `a timer that was shut down is gone`(
    memory: ExplorationOptions.Memory, armsAgain: Bool
  ) {
    let report = report(memory: memory, armsAgain: armsAgain) { $0.shutDown() }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions > 1)
  }

  @Test func `a timer that is only called off may still run`() {
    let report = report(memory: .sequential, armsAgain: false) {
      $0.cancel()
    } afterwards: {
      $0.shutDown()
    }
    #expect([.dataRace, .useAfterFree].contains(report.verdict), "\(report)")
  }
}
