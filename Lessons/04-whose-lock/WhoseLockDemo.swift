import Fences
import Kernel
import Machine
package import Simulator
public import Timeline

/// Lesson 04: two channels of one driver, whose fences an importer holds for longer.
///
/// The fence of the first borrows the channel's lock and keeps the channel. The fence of the second
/// has a lock of its own.
public enum WhoseLockDemo {
  private typealias Channel = WhoseLockScenarios.Channel

  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    Simulation.run(
      "A fence that borrows its lock keeps its driver's channel",
      processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")]
    ) { run in
      let recorder = run.recorder
      let lending = channel("channel A", recorder)
      let plain = channel("channel B", recorder)
      let table = Machine.allocate(operations(lending, recorder))
      lending.record.owners.get()
      let borrower = Fence.make(
        operations: table, lock: Channel.lock.field(of: lending), context: 7, seqno: 1)
      let owner = Fence.make(operations: WhoseLockScenarios.names, context: 8, seqno: 1)
      for (fence, name) in [(borrower, "fence A"), (owner, "fence B")] {
        fence.get()
        _ = recorder.open("pending", on: name, at: Machine.clock(), kind: .wait)
        draw(fence, name, run)
      }

      run.thread("engine", cpu: 2) { work(recorder) }
      run.thread("importer", cpu: 1, at: 300) {
        use(borrower, "fence A", recorder)
        use(owner, "fence B", recorder)
      }
      run.interrupt("irq", cpu: 0, at: 1_100) {
        borrower.signal()
        borrower.put()
        owner.signal()
        owner.put()
      }
      run.thread("driver", cpu: 0, at: 1_600) {
        giveBack(lending, "channel A", recorder)
        giveBack(plain, "channel B", recorder)
      }
      run.finally {
        RCU.barrier()
        Machine.free(table)
      }
    }
  }

  // MARK: - Who does what

  private static func work(_ recorder: TimelineRecorder) {
    let span = recorder.open("jobs", on: "engine 0", at: Machine.clock())
    Machine.delay(nanoseconds: 1_000)
    recorder.close(span, at: Machine.clock())
  }

  /// The importer: waits, works with what the job has made, asks how it went, and lets go.
  private static func use(_ fence: Fence, _ track: String, _ recorder: TimelineRecorder) {
    fence.wait()
    Machine.delay(nanoseconds: 700)
    _ = fence.status()
    recorder.closeLatest(on: track, at: Machine.clock())
    fence.put()
  }

  private static func giveBack(
    _ channel: Object<Channel>, _ track: String, _ recorder: TimelineRecorder
  ) {
    guard channel.record.owners.put() else { return }
    recorder.closeLatest(on: track, at: Machine.clock())
    Machine.free(channel)
  }

  private static func operations(
    _ channel: Object<Channel>, _ recorder: TimelineRecorder
  ) -> FenceOperations {
    FenceOperations(
      driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
      release: { fence in
        fence.free()
        giveBack(channel, "channel A", recorder)
      })
  }

  // MARK: - Drawing

  private static func channel(_ track: String, _ recorder: TimelineRecorder) -> Object<Channel> {
    _ = recorder.open("there", on: track, at: Machine.clock())
    return Machine.allocate(Channel())
  }

  private static func draw(_ fence: Fence, _ track: String, _ run: Simulation) {
    let recorder = run.recorder
    run.whenever(fence.signaledFlag) { time in
      recorder.closeLatest(on: track, at: time)
      _ = recorder.open("signaled", on: track, at: time)
    }
  }
}
