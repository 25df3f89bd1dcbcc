import Fences
import Kernel
import Machine
package import Simulator
public import Timeline

/// Lesson 02: three holders of one fence, and the last of them ends it.
///
/// The slot's reference is given back when the slot is emptied, the driver's when its interrupt
/// handler has signaled. The reader found the fence in the slot and uses it longer than both.
public enum ReferenceDemo {
  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    Simulation.run(
      "The last of three references ends the fence, long after its signal",
      processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")]
    ) { lab in
      let recorder = lab.recorder
      let slot = Machine.allocate(ReferenceScenarios.Slot())
      let table = Machine.allocate(operations(recorder))
      let fence = Fence.make(operations: table, context: 7, seqno: 1)
      open("alive", on: "the fence", recorder)
      open("held", on: "slot's", recorder)
      fence.get()
      open("held", on: "driver's", recorder)
      RCU.assign(fence, to: slot.record.newest)
      draw(fence, lab)

      lab.thread("engine", cpu: 2) { work(recorder) }
      lab.thread("reader", cpu: 1, at: 300) { read(slot, recorder) }
      lab.thread("owner", cpu: 0, at: 600) { empty(slot, recorder) }
      lab.interrupt("irq", cpu: 0, at: 1_200) {
        fence.signal()
        giveBack(fence, on: "driver's", recorder)
      }
      lab.finally {
        RCU.barrier()
        Machine.free(table)
        Machine.free(slot)
      }
    }
  }

  // MARK: - The holders

  private static func work(_ recorder: TimelineRecorder) {
    let span = recorder.open("job 1", on: "engine 0", at: Machine.clock())
    Machine.delay(nanoseconds: 1_000)
    recorder.close(span, at: Machine.clock())
  }

  private static func empty(
    _ slot: Object<ReferenceScenarios.Slot>, _ recorder: TimelineRecorder
  ) {
    slot.record.lock.lockIRQSave()
    let old = RCU.dereference(slot.record.newest)
    RCU.assign(nil, to: slot.record.newest)
    slot.record.lock.unlockIRQRestore()
    if let old { giveBack(old, on: "slot's", recorder) }
  }

  private static func read(
    _ slot: Object<ReferenceScenarios.Slot>, _ recorder: TimelineRecorder
  ) {
    guard let fence = ReferenceScenarios.lookAgain(slot) else { return }
    open("held", on: "reader's", recorder)
    fence.wait()
    recorder.instant("over, and still in use", on: "cpu 1", at: Machine.clock())
    Machine.delay(nanoseconds: 500)
    giveBack(fence, on: "reader's", recorder)
  }

  private static func operations(_ recorder: TimelineRecorder) -> FenceOperations {
    FenceOperations(
      driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
      release: { fence in
        recorder.closeLatest(on: "the fence", at: Machine.clock())
        fence.free()
      })
  }

  // MARK: - Drawing

  private static func open(_ name: String, on track: String, _ recorder: TimelineRecorder) {
    _ = recorder.open(name, on: track, at: Machine.clock())
  }

  private static func giveBack(_ fence: Fence, on track: String, _ recorder: TimelineRecorder) {
    recorder.closeLatest(on: track, at: Machine.clock())
    fence.put()
  }

  private static func draw(_ fence: Fence, _ lab: Simulation) {
    let recorder = lab.recorder
    lab.whenever(fence.signaledFlag) { time in
      recorder.instant("signals the fence", on: "cpu 0", at: time, mark: .notice)
    }
  }
}
