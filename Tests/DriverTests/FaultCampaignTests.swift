import Drivers
import Fences
import Hardware
import Kernel
import Machine
import Simulator
import Testing

/// A driver without a watchdog, and the faults that its way of learning of an end survives.
private enum Subject: String, CaseIterable, Sendable {
  case channel, waitQueue, seqnoWaiter, pendingList, inlineLock

  var faults: Set<Fault> {
    switch self {
    // Its waiters look at the seqno themselves.
    case .channel: [.spuriousInterrupt, .lateInterrupt, .lostInterrupt, .lateWriteBack]
    // The others believe their interrupts, which may come early, late, or for nothing.
    default: [.spuriousInterrupt, .lateInterrupt]
    }
  }

  func open(_ engine: Engine) -> Rig {
    switch self {
    case .channel:
      let driver = ChannelDriver.open(engine)
      return Rig(
        emit: { driver.emit() }, handleInterrupt: { driver.update() },
        close: {
          driver.update()
          driver.close()
        })
    case .waitQueue:
      let driver = WaitQueueDriver.open(engine)
      return Rig(
        emit: { driver.emit() }, handleInterrupt: { driver.handleInterrupt() },
        close: { driver.close() })
    case .seqnoWaiter:
      let driver = SeqnoWaiterDriver.open(engine)
      return Rig(
        emit: { driver.emit() }, handleInterrupt: { driver.handleInterrupt() },
        close: { driver.close() })
    case .pendingList:
      let driver = PendingListDriver.open(engine)
      return Rig(
        emit: { driver.emit() }, handleInterrupt: { driver.handleInterrupt() },
        close: { driver.close() })
    case .inlineLock:
      let driver = InlineLockDriver.load(engine)
      return Rig(
        emit: { driver.emit() }, handleInterrupt: { driver.handleInterrupt() },
        close: { driver.unload() })
    }
  }
}

/// What all of them can do.
private struct Rig: Sendable {
  let emit: @Sendable () -> Fence
  let handleInterrupt: @Sendable () -> Void
  let close: @Sendable () -> Void
}

/// Six jobs on a device that gets some of them wrong; nil where every promise was kept.
private func problem(_ subject: Subject, seed: UInt64) -> String? {
  let report = Simulation.run(
    "Faults", processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")],
    eventCountMax: 200_000, isDrawing: false
  ) { lab in
    lab.thread("client", cpu: 1) { runJobs(subject, .seeded(seed, oneIn: 4, of: subject.faults)) }
  }
  return report.isClean ? nil : "\(report.failures) \(report.stuck) \(report.leaks)"
}

private func runJobs(_ subject: Subject, _ faults: FaultPlan) {
  let device = Device.make(faults: faults)
  let engine = Engine.make("engine 0", on: device)
  let rig = subject.open(engine)
  let line = InterruptLine("irq", cpu: 0) { rig.handleInterrupt() }
  let thread = engine.start(processor: 2, interrupt: line)
  var fences: [Fence] = []
  for number in 0..<6 {
    let fence = rig.emit()
    let wasTaken = engine.submit(
      .execute(
        seqno: UInt32(truncatingIfNeeded: fence.seqno),
        nanoseconds: UInt32(1 + number % 3) * 40_000))
    Machine.expect(wasTaken, "a ring of sixteen has room for six")
    fences.append(fence)
    Machine.delay(nanoseconds: 30_000)
  }
  for fence in fences {
    fence.wait()
    Machine.expect(fence.error == nil, "nothing went wrong with the job itself")
    fence.put()
  }
  engine.stop(thread)
  line.disconnect()
  rig.close()
  RCU.barrier()
  engine.free()
  device.free()
}

@Test(arguments: Subject.allCases)
private func `interrupts that come at the wrong time cost nobody a fence`(subject: Subject) {
  for seed in Campaign.seeds {
    let problem = problem(subject, seed: seed)
    #expect(problem == nil, "\(subject) \(Campaign.replay(seed))")
  }
}
