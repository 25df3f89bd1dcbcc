import Fences
import Kernel
import Machine
package import Simulator
public import Timeline

/// Lesson 08: one job fails, and of two processes one hears of it.
///
/// Both wait for the same two jobs, each through a merged fence. One merges before the first job
/// fails and the other one afterwards.
public enum SignalErrorDemo {
  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    Simulation.run(
      "One job fails, and one of two processes hears of it",
      processors: [
        .cpu("cpu 0"), .cpu("cpu 1"), .cpu("cpu 2"), .device("engine 0"), .device("engine 1"),
      ]
    ) { lab in
      let recorder = lab.recorder
      let fences = (0..<2).map { number in
        Fence.make(
          operations: SignalErrorScenarios.driver, context: UInt64(number + 1), seqno: 1)
      }
      for (number, time) in [UInt64(900), 1_800].enumerated() {
        lab.thread("job \(number)", cpu: 3 + number) {
          let span = recorder.open("job \(number)", on: "engine \(number)", at: Machine.clock())
          Machine.delay(nanoseconds: time)
          recorder.close(span, at: Machine.clock())
        }
      }
      lab.interrupt("irq 0", cpu: 0, at: 1_000) {
        SignalErrorScenarios.together(fences[0], .inputOutput)
        recorder.instant("job 0 failed", on: "cpu 0", at: Machine.clock(), mark: .notice)
      }
      lab.interrupt("irq 1", cpu: 0, at: 2_000) {
        SignalErrorScenarios.together(fences[1], nil)
        recorder.instant("job 1 is done", on: "cpu 0", at: Machine.clock())
      }
      wait("early", for: fences, cpu: 1, at: 200, lab)
      wait("late", for: fences, cpu: 2, at: 1_400, lab)
      lab.finally {
        for fence in fences { fence.put() }
      }
    }
  }

  /// A process that merges, waits, and says what it was told.
  private static func wait(
    _ name: String, for fences: [Fence], cpu: Int, at start: UInt64, _ lab: Simulation
  ) {
    let recorder = lab.recorder
    lab.thread(name, cpu: cpu, at: start) {
      guard let all = Fence.merge(fences) else { return }
      recorder.instant("merges", on: "cpu \(cpu)", at: Machine.clock())
      all.wait()
      let answer = SignalErrorScenarios.answer(all.status())
      recorder.instant(answer, on: "cpu \(cpu)", at: Machine.clock(), mark: .notice)
      all.put()
    }
  }
}

extension SignalErrorScenarios {
  /// What a process was told, in words.
  static func answer(_ status: Fence.Status) -> String {
    switch status {
    case .pending: "is told nothing"
    case .done: "is told: all done"
    case .failed: "is told: failed"
    }
  }
}
