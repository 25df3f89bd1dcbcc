import Hardware
import Kernel
import Machine
import Simulator
import Testing
import Timeline

/// What a handler without fences notes down.
private struct Log: ~Copyable {
  let handled = Word<UInt32>(0)
  let lastSeqno = Word<UInt32>(0)
  let engine = Word<UInt32>(0)
}

private let machine: [Simulation.Processor] = [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")]

/// Submits packets of the given durations and waits until the handler has seen the last one.
private func runJobs(
  _ durations: [UInt32], masking: Bool = false
) -> (report: SimulationReport, handled: UInt32) {
  let seen = Guarded<UInt32>(0)
  let report = Simulation.run("Jobs", processors: machine) { lab in
    let log = Machine.allocate(Log())
    let recorder = lab.recorder
    lab.thread("driver", cpu: 0) {
      let completed = Machine.allocate(Word<UInt32>(0))
      let line = InterruptLine("irq", cpu: 1) {
        _ = log.record.handled.fetchAdd(1, .relaxed)
        _ = completed.record.fetchAdd(1, .release, edge: "test.handled")
      }
      let engine = Engine.make("engine 0", recorder: recorder)
      let thread = engine.start(processor: 2, interrupt: line)
      for (index, duration) in durations.enumerated() {
        let packet = CommandPacket.execute(seqno: UInt32(index + 1), nanoseconds: duration)
        while !engine.submit(packet) { Machine.delay(nanoseconds: 1_000) }
      }
      while engine.completedSeqno != UInt32(durations.count) { Machine.delay(nanoseconds: 1_000) }
      engine.stop(thread)
      line.disconnect()
      engine.free()
      Machine.free(completed)
    }
    lab.finally {
      let handled = log.record.handled.load(.relaxed)
      seen.withLock { $0 = handled }
      Machine.free(log)
    }
  }
  return (report, seen.withLock { $0 })
}

@Test func `every packet ends in order and raises the interrupt`() {
  let (report, handled) = runJobs([1_000, 500, 2_000])
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
  #expect(handled == 3)
  let jobs = report.timeline.events.filter { $0.label.hasPrefix("job") }
  #expect(jobs.map(\.label) == ["job 1", "job 2", "job 3"])
  for (job, next) in zip(jobs, jobs.dropFirst()) {
    #expect(job.end.map { $0 <= next.start } == true)
  }
}

@Test func `a job takes as long as its packet says`() throws {
  let (report, _) = runJobs([7_000])
  let job = try #require(report.timeline.events.first { $0.label == "job 1" })
  let length = try #require(job.end) - job.start
  #expect((7_000..<7_100).contains(length))
}

@Test func `a full ring refuses packets and takes them again later`() {
  let (report, _) = runJobs(Array(repeating: 200, count: 3 * Limits.ringSlotCount))
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test func `the ring holds as many packets as its limit says`() {
  let report = Simulation.run("Full", processors: machine) { lab in
    lab.thread("driver", cpu: 0) {
      let line = InterruptLine("irq", cpu: 1) {}
      let engine = Engine.make("engine 0")
      let thread = engine.start(processor: 2, interrupt: line)
      // The engine takes the first packet out and then computes for long.
      _ = engine.submit(.execute(seqno: 1, nanoseconds: 1_000_000))
      Machine.delay(nanoseconds: 10_000)
      var taken: UInt32 = 0
      while engine.submit(.execute(seqno: 2 + taken, nanoseconds: 10)) { taken += 1 }
      Machine.expect(taken == Limits.ringSlotCount, "the ring took \(taken) packets")
      Machine.delay(nanoseconds: 2_000_000)
      engine.stop(thread)
      line.disconnect()
      engine.free()
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test func `a raise that is still pending does not run the handler twice`() {
  let handled = Machine.permanent(Word<UInt32>(0))
  let report = Simulation.run("Coalesced") { lab in
    lab.thread("device", cpu: 0) {
      let line = InterruptLine("irq", cpu: 0) { _ = handled.record.fetchAdd(1, .relaxed) }
      Machine.disableInterrupts()
      for _ in 0..<3 { line.raise() }
      Machine.delay(nanoseconds: 10_000)
      Machine.expect(handled.record.load(.relaxed) == 0, "a masked handler ran")
      Machine.restoreInterrupts()
      Machine.expect(handled.record.load(.relaxed) == 1, "three raises are one delivery")
      line.raise()
      line.disconnect()
    }
    lab.finally { Machine.expect(handled.record.load(.relaxed) == 2, "it was not raised again") }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test func `two runs of the same jobs give equal drawings`() {
  let first = runJobs([1_000, 300]).report.timeline
  let second = runJobs([1_000, 300]).report.timeline
  #expect(TimeChart(first).text() == TimeChart(second).text())
}

@Test func `the same engine works on native threads`() {
  let handled = Machine.permanent(Word<UInt32>(0))
  let line = InterruptLine("irq", cpu: 0) {
    _ = handled.record.fetchAdd(1, .relaxed)
    Machine.wake(handled.record)
  }
  let engine = Engine.make("engine 0")
  let thread = engine.start(processor: 0, interrupt: line)
  for seqno in 1...10 {
    #expect(engine.submit(.execute(seqno: UInt32(seqno), nanoseconds: 100)))
  }
  while handled.record.load(.relaxed) < 10 {
    _ = Machine.park(on: handled.record, while: handled.record.load(.relaxed))
  }
  #expect(engine.completedSeqno == 10)
  engine.stop(thread)
  line.disconnect()
  engine.free()
}

@Test(arguments: [
  CommandPacket.halt, .execute(seqno: 0, nanoseconds: 0),
  .execute(seqno: .max, nanoseconds: Limits.packetNanosecondsMax),
])
func `a packet survives its word`(packet: CommandPacket) {
  #expect(CommandPacket(machineBits: packet.machineBits) == packet)
}
