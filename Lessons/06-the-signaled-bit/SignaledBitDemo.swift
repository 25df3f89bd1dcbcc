import Drivers
import Fences
import Hardware
import Kernel
import Machine
package import Simulator
public import Timeline

/// Lesson 06: a waiter sees the signaled bit while the callbacks still run.
///
/// One job with two callbacks. The waiter on cpu 1 spins on the bit; when it sees it, its own
/// callback has not run yet. It then asks for its callback back, which takes the fence's lock and
/// so waits until the callbacks are over. A second job shows a waiter that sleeps.
public enum SignaledBitDemo {
  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    Simulation.run(
      "A waiter sees the signaled bit before the callbacks have run",
      processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")]
    ) { lab in
      let recorder = lab.recorder
      let driver = SharedLockDriver.open(
        engine: Engine.make("engine 0", recorder: recorder), processor: 2, interruptCPU: 0,
        observer: .init(signaled: { fence in
          recorder.closeLatest(on: track(of: fence), at: Machine.clock())
        }))
      lab.thread("waiter", cpu: 1) { waitForTheBit(driver, lab) }
      lab.thread("sleeper", cpu: 0, at: 700) { sleep(driver, lab) }
      lab.finally {
        driver.close()
        RCU.barrier()
      }
    }
  }

  // MARK: - The two waiters

  private static func waitForTheBit(_ driver: SharedLockDriver, _ lab: Simulation) {
    let record = Machine.allocate(WaiterRecord())
    guard let fence = submit(driver, nanoseconds: 1_200, lab) else { return }
    try? fence.addCallback(WaiterRecord.other.field(of: record), otherCallback(lab.recorder))
    try? fence.addCallback(WaiterRecord.own.field(of: record), ownCallback(lab.recorder))

    Machine.spin(until: fence.signaledFlag)
    let seen = lab.recorder.instant("sees the bit", on: "cpu 1", at: Machine.clock())
    if let bit = lab.recorder.latest(on: track(of: fence)) {
      lab.recorder.flow(from: bit, to: seen)
    }
    // relaxed: only looked at for the drawing.
    if !record.record.hasRun.load(.relaxed) {
      lab.recorder.instant(
        "own callback has not run", on: "cpu 1", at: Machine.clock(), mark: .notice)
    }
    // Freeing the record here would free what the signaler still walks.
    fence.removeCallback(WaiterRecord.own.field(of: record))
    lab.recorder.instant("callbacks are over", on: "cpu 1", at: Machine.clock())
    Machine.free(record)
    fence.put()
  }

  private static func sleep(_ driver: SharedLockDriver, _ lab: Simulation) {
    guard let fence = submit(driver, nanoseconds: 900, lab) else { return }
    fence.wait()
    fence.put()
  }

  /// Submits a job and draws its fence on a track of its own.
  private static func submit(_ driver: SharedLockDriver, nanoseconds: UInt32, _ lab: Simulation)
    -> Fence?
  {
    guard let fence = try? driver.submit(nanoseconds: nanoseconds) else { return nil }
    let name = track(of: fence)
    let recorder = lab.recorder
    _ = recorder.open("pending", on: name, at: Machine.clock(), kind: .wait)
    lab.whenever(fence.signaledFlag) { time in
      recorder.closeLatest(on: name, at: time)
      let window = recorder.open(
        "bit visible, callbacks not done", on: name, at: time, kind: .window)
      if let handler = recorder.latest(on: "cpu 0") { recorder.flow(from: handler, to: window) }
    }
    return fence
  }

  private static func track(of fence: Fence) -> String { "fence \(fence.seqno)" }

  // MARK: - Callbacks

  /// Somebody else's callback, which takes its time.
  private static func otherCallback(_ recorder: TimelineRecorder) -> FenceCallback.Body {
    { _, _ in
      let span = recorder.open("other callback", on: "cpu 0", at: Machine.clock())
      Machine.delay(nanoseconds: 300)
      recorder.close(span, at: Machine.clock())
    }
  }

  private static func ownCallback(_ recorder: TimelineRecorder) -> FenceCallback.Body {
    { _, callback in
      let span = recorder.open("waiter's callback", on: "cpu 0", at: Machine.clock())
      // relaxed: only looked at for the drawing.
      WaiterRecord.own.record(around: callback).record.hasRun.store(true, .relaxed)
      Machine.delay(nanoseconds: 100)
      recorder.close(span, at: Machine.clock())
    }
  }
}

/// What the waiter keeps while it waits.
///
/// The signaler walks the callbacks in here.
private struct WaiterRecord: ~Copyable {
  let other = FenceCallback()
  let own = FenceCallback()
  let hasRun = Word<Bool>(false)

  static let other = FieldOffset<WaiterRecord, FenceCallback> { $0.other.address }
  static let own = FieldOffset<WaiterRecord, FenceCallback> { $0.own.address }
}
