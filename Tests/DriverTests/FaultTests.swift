import Drivers
import Fences
import Hardware
import Kernel
import Machine
import Simulator
import Testing

/// One run of the polling driver on a device with faults.
///
/// The same parameters give the same run, so a seed is a replay.
private struct FaultRun: Sendable {
  var faults = FaultPlan.none
  var jobCount = 6
  var firstSeqno: UInt32 = 0
  var unplugAt: UInt64?

  /// What became of the jobs.
  struct Outcome: Sendable, Hashable {
    var problem: String?
    var errors: [Errno?] = []
    var refusals = 0
  }

  func run() -> Outcome {
    let log = Log()
    let report = Simulation.run(
      "Faults", processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")],
      eventCountMax: 200_000
    ) { lab in
      lab.thread("submitter", cpu: 0) { submit(log) }
    }
    if !report.isClean {
      log.outcome.problem = "\(report.failures) \(report.stuck) \(report.leaks)"
    }
    return log.outcome
  }

  private func submit(_ log: Log) {
    let device = Device.make(faults: faults)
    let engine = Engine.make("engine 0", completed: firstSeqno, on: device)
    let driver = PollingDriver.open(
      engine, on: device, completed: firstSeqno, watchdogCPU: 1)
    let line = InterruptLine("irq", cpu: 0) { driver.handleInterrupt() }
    let thread = engine.start(processor: 2, interrupt: line)
    var fences: [Fence] = []
    for number in 0..<jobCount {
      if let unplugAt, Machine.clock() >= unplugAt { device.unplug() }
      do throws(Errno) {
        fences.append(try driver.submit(nanoseconds: UInt32(1 + number % 3) * 400_000))
      } catch {
        Machine.expect(error == .tryAgain || error == .noDevice, "refused with \(error)")
        log.outcome.refusals += 1
      }
      Machine.delay(nanoseconds: 300_000)
    }
    for fence in fences {
      fence.wait()
      log.outcome.errors.append(fence.error)
      fence.put()
    }
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
func `a single fault leaves no fence unsignaled`(fault: Fault) {
  let outcome = FaultRun(faults: .exactly(fault, packet: 2)).run()
  #expect(outcome.problem == nil, "\(outcome)")
  switch fault {
  case .hang, .partialCompletion:
    #expect(outcome.errors.prefix(4) == [nil, nil, .timeExpired, .cancelled], "\(outcome)")
  default:
    #expect(outcome.errors == Array(repeating: nil, count: 6), "\(outcome)")
  }
}

@Test func `a device that is pulled out ends its fences with no device`() {
  let outcome = FaultRun(unplugAt: 1_000_000).run()
  #expect(outcome.problem == nil, "\(outcome)")
  #expect(outcome.errors.contains(.noDevice), "\(outcome)")
  #expect(outcome.refusals > 0, "\(outcome)")
}

@Test func `a seqno that wraps is a seqno like any other`() {
  let plain = FaultRun(faults: .exactly(.hang, packet: 4), jobCount: 8).run()
  let wrapped = FaultRun(
    faults: .exactly(.hang, packet: 4), jobCount: 8, firstSeqno: .max - 2
  ).run()
  #expect(plain == wrapped)
  #expect(wrapped.problem == nil, "\(wrapped)")
}

/// Everything at once, decided by one number.
private func run(seed: UInt64) -> FaultRun.Outcome {
  FaultRun(
    faults: .seeded(seed, oneIn: 5), firstSeqno: UInt32(truncatingIfNeeded: 0 &- seed % 9),
    unplugAt: seed % 7 == 0 ? 700_000 : nil
  ).run()
}

@Test func `a campaign of faults leaves no fence unsignaled and no memory behind`() {
  var errors: Set<Errno> = []
  for seed in Campaign.seeds {
    let outcome = run(seed: seed)
    #expect(outcome.problem == nil, "\(Campaign.replay(seed)): \(outcome)")
    // The same seed is the same run, also where it has failed.
    if outcome.problem != nil || seed % 100 == 0 { #expect(run(seed: seed) == outcome) }
    errors.formUnion(outcome.errors.compactMap(\.self))
  }
  if Campaign.isWhole {
    #expect(errors == [.timeExpired, .cancelled, .noDevice])
  } else {
    print(run(seed: Campaign.seeds.lowerBound))
  }
}

@Test func `the polling driver survives a lost interrupt on native threads`() throws {
  let device = Device.make(faults: .exactly(.lostInterrupt, packet: 1))
  let engine = Engine.make("engine 0", on: device)
  // A busy machine must not look like a hung engine.
  let driver = PollingDriver.open(
    engine, on: device, watchdogCPU: 1, patience: Jiffies(600_000))
  let line = InterruptLine("irq", cpu: 0) { driver.handleInterrupt() }
  let thread = engine.start(processor: 2, interrupt: line)
  let fences = [try driver.submit(nanoseconds: 100), try driver.submit(nanoseconds: 100)]
  for fence in fences {
    fence.wait()
    #expect(fence.error == nil)
    fence.put()
  }
  driver.close()
  engine.stop(thread)
  line.disconnect()
  driver.free()
  RCU.barrier()
  engine.free()
  device.free()
}
