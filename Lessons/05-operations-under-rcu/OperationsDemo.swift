import Fences
import Kernel
import Machine
package import Simulator
public import Timeline

/// Lesson 05: a driver unloads while a reader is inside it.
///
/// The reader on cpu 1 asks for the driver's name, which takes its time. Meanwhile the interrupt
/// handler signals the fence, and the driver waits for a grace period. A second reader comes after
/// the signal and is told that there is no driver.
public enum OperationsDemo {
  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    Simulation.run(
      "A driver that unloads waits for the reader that is inside it",
      processors: [.cpu("cpu 0"), .cpu("cpu 1"), .cpu("cpu 2")]
    ) { lab in
      let recorder = lab.recorder
      let table = Machine.allocate(
        FenceOperations(
          driverName: { _ in inside(recorder) }, timelineName: { _ in "ring 0" }))
      let fence = Fence.make(operations: table, context: 1, seqno: 1)
      draw(fence, lab)
      lab.thread("reader", cpu: 1, at: 200) { ask(fence, "cpu 1", recorder) }
      lab.interrupt("irq", cpu: 0, at: 400) { fence.signal() }
      lab.thread("driver", cpu: 0, at: 600) { unload(table, recorder) }
      lab.thread("late reader", cpu: 2, at: 700) { ask(fence, "cpu 2", recorder) }
      lab.finally {
        fence.put()
        RCU.barrier()
      }
    }
  }

  private static func ask(_ fence: Fence, _ track: String, _ recorder: TimelineRecorder) {
    let name = fence.driverName
    recorder.instant("is told \"\(name)\"", on: track, at: Machine.clock(), mark: .notice)
  }

  /// The driver's own function; the reader is inside it for a while.
  private static func inside(_ recorder: TimelineRecorder) -> String {
    let span = recorder.open("inside the driver", on: "cpu 1", at: Machine.clock())
    Machine.delay(nanoseconds: 800)
    recorder.close(span, at: Machine.clock())
    return "lab"
  }

  private static func unload(
    _ table: Object<FenceOperations>, _ recorder: TimelineRecorder
  ) {
    RCU.synchronize()
    recorder.closeLatest(on: "the table", at: Machine.clock())
    Machine.free(table)
  }

  private static func draw(_ fence: Fence, _ lab: Simulation) {
    let recorder = lab.recorder
    _ = recorder.open("loaded", on: "the table", at: Machine.clock())
    _ = recorder.open("attached", on: "the fence", at: Machine.clock(), kind: .wait)
    lab.whenever(fence.signaledFlag) { time in
      recorder.closeLatest(on: "the fence", at: time)
    }
  }
}
