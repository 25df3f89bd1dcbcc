import Fences
import Kernel
import Machine
package import Simulator
public import Timeline

/// Lesson 01: a waiter's question signals the second fence before the first.
///
/// The engine ends two jobs and raises an interrupt that is late. Meanwhile a waiter asks for the
/// second fence; the driver looks at the engine and signals that fence alone.
public enum FencePromiseDemo {
  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    Simulation.run(
      "A question signals the second fence before the first",
      processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")]
    ) { lab in
      let recorder = lab.recorder
      let ring = Machine.allocate(FencePromiseScenarios.Ring())
      let table = Machine.allocate(FencePromiseScenarios.operations(ring))
      let fences = [1, 2].map { seqno in
        draw(Fence.make(operations: table, context: 7, seqno: seqno), lab)
      }
      lab.thread("engine", cpu: 2) { work(ring, recorder) }
      lab.thread("waiter", cpu: 1, at: 1_100) { ask(fences, recorder) }
      lab.interrupt("irq", cpu: 0, at: 1_800) {
        for fence in fences { fence.signal() }
      }
      lab.finally {
        for fence in fences { fence.put() }
        RCU.barrier()
        Machine.free(table)
        Machine.free(ring)
      }
    }
  }

  /// Two jobs, one after the other.
  private static func work(
    _ ring: Object<FencePromiseScenarios.Ring>, _ recorder: TimelineRecorder
  ) {
    for seqno in UInt64(1)...2 {
      let span = recorder.open("job \(seqno)", on: "engine 0", at: Machine.clock())
      Machine.delay(nanoseconds: 400)
      ring.record.end(seqno)
      recorder.close(span, at: Machine.clock())
    }
  }

  private static func ask(_ fences: [Fence], _ recorder: TimelineRecorder) {
    let isSecondSignaled = fences[1].isSignaled()
    recorder.instant(
      "fence 2: \(isSecondSignaled ? "yes" : "no")", on: "cpu 1", at: Machine.clock())
    let isFirstSignaled = fences[0].testSignaledFlag()
    recorder.instant(
      "fence 1: \(isFirstSignaled ? "yes" : "no")", on: "cpu 1", at: Machine.clock(),
      mark: isFirstSignaled ? nil : .notice)
  }

  /// Draws a fence on a track of its own, from its birth to its signal.
  private static func draw(_ fence: Fence, _ lab: Simulation) -> Fence {
    let (recorder, track) = (lab.recorder, "fence \(fence.seqno)")
    _ = recorder.open("pending", on: track, at: Machine.clock(), kind: .wait)
    lab.whenever(fence.signaledFlag) { time in recorder.closeLatest(on: track, at: time) }
    return fence
  }
}
