import Fences
import Kernel
import Machine
package import Simulator
public import Timeline

/// Lesson 03: a signal runs two callbacks, and who takes the second back must wait for it.
///
/// The interrupt handler on cpu 0 signals the fence. While the first callback runs, the waiter on
/// cpu 1 takes its own back: it waits for the fence's lock, and is told no.
public enum CallbackDemo {
  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    Simulation.run(
      "Who takes a callback back waits until the callbacks have run",
      processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")]
    ) { lab in
      let recorder = lab.recorder
      let record = Machine.allocate(Record())
      let fence = Fence.make(operations: CallbackScenarios.driver, context: 1, seqno: 1)
      try? fence.addCallback(Record.first.field(of: record), takingTime("somebody's", recorder))
      try? fence.addCallback(Record.second.field(of: record), takingTime("waiter's", recorder))
      draw(fence, lab)
      lab.thread("engine", cpu: 2) {
        let span = recorder.open("job 1", on: "engine 0", at: Machine.clock())
        Machine.delay(nanoseconds: 300)
        recorder.close(span, at: Machine.clock())
      }
      lab.interrupt("irq", cpu: 0, at: 400) { fence.signal() }
      lab.thread("waiter", cpu: 1, at: 550) { takeBack(record, fence, recorder) }
      lab.finally {
        fence.put()
        RCU.barrier()
        Machine.free(record)
      }
    }
  }

  private static func takeBack(
    _ record: Object<Record>, _ fence: Fence, _ recorder: TimelineRecorder
  ) {
    recorder.instant("takes it back", on: "cpu 1", at: Machine.clock())
    let isMine = fence.removeCallback(Record.second.field(of: record))
    recorder.instant(
      isMine ? "yes: it will never run" : "no: it has run", on: "cpu 1", at: Machine.clock(),
      mark: .notice)
  }

  /// A callback that takes its time, on the signaler's CPU with interrupts off.
  private static func takingTime(
    _ name: String, _ recorder: TimelineRecorder
  ) -> FenceCallback.Body {
    { _, _ in
      let span = recorder.open("\(name) callback", on: "cpu 0", at: Machine.clock())
      Machine.delay(nanoseconds: 200)
      recorder.close(span, at: Machine.clock())
    }
  }

  private static func draw(_ fence: Fence, _ lab: Simulation) {
    let recorder = lab.recorder
    _ = recorder.open("pending", on: "the fence", at: Machine.clock(), kind: .wait)
    lab.whenever(fence.signaledFlag) { time in
      recorder.closeLatest(on: "the fence", at: time)
    }
  }

  /// Two callbacks of one fence.
  private struct Record: ~Copyable {
    let first = FenceCallback()
    let second = FenceCallback()

    static let first = FieldOffset<Record, FenceCallback> { $0.first.address }
    static let second = FieldOffset<Record, FenceCallback> { $0.second.address }
  }
}
