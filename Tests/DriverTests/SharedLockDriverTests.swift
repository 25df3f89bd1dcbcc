import Drivers
import Fences
import Hardware
import Kernel
import Machine
import Simulator
import Testing
import Timeline

private let processors: [Simulation.Processor] = [
  .cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0"),
]

/// A record with a callback, as a driver above would embed it.
private struct Watcher: ~Copyable {
  let callback = FenceCallback()
  let runs = Word<UInt32>(0)

  static let callbackOffset = FieldOffset<Watcher, FenceCallback> { $0.callback.address }
  static let function = FenceCallback.Function { _, callback in
    _ = callbackOffset.record(around: callback).record.runs.fetchAdd(1, .relaxed)
  }
}

private func open(_ recorder: TimelineRecorder? = nil) -> SharedLockDriver {
  .open(
    engine: Engine.make("engine 0", recorder: recorder), processor: 2, interruptCPU: 1)
}

/// Submits jobs with one callback each, waits for the last one, and checks what every test wants.
private func run(jobs durations: [UInt32]) -> SimulationReport {
  Simulation.run("Jobs", processors: processors) { lab in
    let recorder = lab.recorder
    lab.thread("submitter", cpu: 0) {
      let driver = open(recorder)
      let watchers = durations.map { _ in Machine.allocate(Watcher()) }
      var fences: [Fence] = []
      for (duration, watcher) in zip(durations, watchers) {
        guard let fence = try? driver.submit(nanoseconds: duration) else { continue }
        fences.append(fence)
        let callback = Watcher.callbackOffset.field(of: watcher)
        try? fence.addCallback(callback, Watcher.function)
      }
      for fence in fences { fence.wait() }
      driver.close()
      for (fence, watcher) in zip(fences, watchers) {
        Machine.expect(fence.testSignaledFlag(), "a job's fence never signaled")
        fence.removeCallback(Watcher.callbackOffset.field(of: watcher))
        fence.put()
        Machine.expect(watcher.record.runs.load(.relaxed) == 1, "a callback did not run once")
        Machine.free(watcher)
      }
      RCU.barrier()
    }
  }
}

@Test func `every fence signals and every callback runs once`() {
  let report = run(jobs: [4_000, 500, 500, 9_000])
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `two runs give equal timelines`() {
  #expect(run(jobs: [4_000, 500]).timeline == run(jobs: [4_000, 500]).timeline)
}

@Test func `a masked cpu signals its fences when it unmasks`() {
  let report = Simulation.run("Masked", processors: processors) { lab in
    lab.thread("submitter", cpu: 1) {
      let driver = open()
      guard let fence = try? driver.submit(nanoseconds: 1_000) else { return }
      Machine.disableInterrupts()
      Machine.delay(nanoseconds: 50_000)
      Machine.expect(!fence.testSignaledFlag(), "the handler ran on a masked cpu")
      Machine.restoreInterrupts()
      Machine.expect(fence.testSignaledFlag(), "the handler did not run when it was let")
      driver.close()
      fence.put()
      RCU.barrier()
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `a wait gives up when its virtual time is over`() {
  let report = Simulation.run("Timeout", processors: processors) { lab in
    lab.thread("submitter", cpu: 0) {
      let driver = open()
      guard let fence = try? driver.submit(nanoseconds: 5_000_000) else { return }
      let left = try? fence.wait(interruptible: false, timeout: Jiffies(2))
      Machine.expect(left == .zero, "the wait did not time out")
      Machine.expect((2_000_000..<2_100_000).contains(Machine.clock()), "it slept too long")
      let rest = try? fence.wait(interruptible: false, timeout: Jiffies(10))
      Machine.expect(rest == Jiffies(7), "the second wait has another rest")
      driver.close()
      fence.put()
      RCU.barrier()
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `a full ring is an error and loses nothing`() {
  let report = Simulation.run("Full", processors: processors) { lab in
    lab.thread("submitter", cpu: 0) {
      let driver = open()
      var fences: [Fence] = []
      var refused: Errno?
      while refused == nil {
        do throws(Errno) {
          fences.append(try driver.submit(nanoseconds: 100_000))
        } catch {
          refused = error
        }
      }
      Machine.expect(refused == .tryAgain, "a full ring is not tryAgain")
      for fence in fences {
        fence.wait()
        fence.put()
      }
      driver.close()
      RCU.barrier()
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `a fence outlives its driver and keeps the lock alive`() {
  let report = Simulation.run("Outlives", processors: processors) { lab in
    lab.thread("submitter", cpu: 0) {
      let driver = open()
      guard let fence = try? driver.submit(nanoseconds: 1_000) else { return }
      fence.wait()
      driver.close()
      RCU.synchronize()
      fence.withLock {}
      Machine.expect(fence.driverName == "shared-lock", "the name is gone")
      fence.put()
      RCU.barrier()
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `the same driver works on native threads`() throws {
  let driver = SharedLockDriver.open(
    engine: Engine.make("engine 0"), processor: 0, interruptCPU: 0)
  var fences: [Fence] = []
  for _ in 0..<8 { fences.append(try driver.submit(nanoseconds: 1_000)) }
  for fence in fences {
    fence.wait()
    #expect(fence.testSignaledFlag())
  }
  driver.close()
  for fence in fences { fence.put() }
  RCU.barrier()
}
