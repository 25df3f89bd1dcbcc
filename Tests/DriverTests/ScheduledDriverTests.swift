import Drivers
import Explorer
import Fences
import Hardware
import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// One job, whose end the scenario plays as soon as the ring holds it.
private func exploreScheduled(_ mistake: ScheduledDriver.Mistake) -> ExplorationReport {
  explore("scheduler-based") { lab in
    let worker = WorkQueue.make("worker", cpu: 2)
    var options = SchedulerOptions()
    options.queue = worker
    let device = Device.make()
    let engine = Engine.make("engine 0", on: device)
    let driver = ScheduledDriver.open(engine, on: device, options, mistake)
    let entity = driver.makeEntity()
    lab.thread("client", cpu: 1) {
      do throws(Errno) {
        let finished = try driver.submit(nanoseconds: 0, to: entity)
        lab.spin(until: engine.hasPackets)
        engine.writeBack(1)
        driver.handleInterrupt()
        lab.spin(until: finished.signaledFlag)
        lab.expect(finished.status() == .done, "the job ended well")
        finished.put()
        lab.outcome("done")
      } catch {
        lab.outcome("\(error)")
      }
    }
    lab.finally {
      entity.destroy()
      driver.close()
      driver.free()
      worker.destroy()
      engine.free()
      device.free()
    }
  }
}

@Test func `a job ends well although its device is done before anybody watches`() {
  let report = exploreScheduled(.none)
  #expect(report.verdict == .passed, "\(report.failure?.message ?? report.bound)")
  #expect(report.isExhaustive)
  #expect(Set((report.outcomes ?? []).map(\.outcome)) == ["done", "-ENOMEM"])
  #expect(exploreScheduled(.forgetsWhatItPrepared).verdict == .leak)
}

/// Seven jobs of two clients on a device with faults.
private struct ScheduledRun: Sendable {
  let faults: FaultPlan
  var firstSeqno: UInt32 = 0
  var unplugAt: UInt64?

  struct Outcome: Sendable, Hashable {
    var problem: String?
    var errors: [Errno?] = []
  }

  func run() -> Outcome {
    let log = Log()
    let report = Simulation.run(
      "Faults", processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")],
      eventCountMax: 200_000, isDrawing: false
    ) { lab in
      lab.thread("client", cpu: 1) { submit(log) }
    }
    if !report.isClean {
      log.outcome.problem = "\(report.failures) \(report.stuck) \(report.leaks) \(report.isCut)"
    }
    return log.outcome
  }

  private func submit(_ log: Log) {
    let device = Device.make(faults: faults)
    let engine = Engine.make("engine 0", completed: firstSeqno, on: device)
    var options = SchedulerOptions()
    options.timeout = Jiffies(20)
    let driver = ScheduledDriver.open(engine, on: device, completed: firstSeqno, options)
    let line = InterruptLine("irq", cpu: 0) { driver.handleInterrupt() }
    let thread = engine.start(processor: 2, interrupt: line)
    let entities = [driver.makeEntity(), driver.makeEntity(priority: .high)]
    var fences: [Fence] = []
    for number in 0..<7 {
      if let unplugAt, Machine.clock() >= unplugAt { device.unplug() }
      let dependency = number % 3 == 2 ? fences[number - 1].get() : nil
      do throws(Errno) {
        fences.append(
          try driver.submit(
            nanoseconds: UInt32(1 + number % 3) * 400_000, to: entities[number % 2],
            after: dependency))
      } catch {
        Machine.expect(false, "there is memory, and nobody killed an entity: \(error)")
      }
      Machine.delay(nanoseconds: 300_000)
    }
    for fence in fences {
      fence.wait()
      log.outcome.errors.append(fence.error)
      fence.put()
    }
    for entity in entities { entity.destroy() }
    driver.close()
    engine.stop(thread)
    line.disconnect()
    driver.free()
    RCU.barrier()
    engine.free()
    device.free()
  }

  // Safety: all threads of a simulated run are coroutines of one OS thread.
  private final class Log: @unchecked Sendable {
    var outcome = Outcome()
  }
}

@Test(arguments: Fault.allCases)
func `the scheduler brings a device with a single fault back`(fault: Fault) {
  let outcome = ScheduledRun(faults: .exactly(fault, packet: 2)).run()
  #expect(outcome.problem == nil, "\(outcome)")
  switch fault {
  case .hang, .partialCompletion:
    #expect(outcome.errors.contains(.timeExpired), "\(outcome)")
    #expect(outcome.errors.prefix(2) == [nil, nil], "\(outcome)")
  default:
    #expect(outcome.errors == Array(repeating: nil, count: 7), "\(outcome)")
  }
}

@Test func `a campaign of faults ends every job that the scheduler was given`() {
  var errors: Set<Errno> = []
  for seed in Campaign.seeds {
    let outcome = ScheduledRun(
      faults: .seeded(seed, oneIn: 5), firstSeqno: UInt32(truncatingIfNeeded: 0 &- seed % 9),
      unplugAt: seed % 7 == 0 ? 700_000 : nil
    ).run()
    #expect(outcome.problem == nil, "\(Campaign.replay(seed)): \(outcome)")
    errors.formUnion(outcome.errors.compactMap(\.self))
  }
  if Campaign.isWhole { #expect(errors == [.timeExpired, .cancelled, .noDevice]) }
}
