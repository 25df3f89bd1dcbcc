import Explorer
import Hardware
import Kernel
import Machine
import Testing

/// Exploring some thousand executions takes a minute without the optimiser.
private var isOptimised: Bool {
  var isDebug = false
  assert(
    {
      isDebug = true
      return true
    }())
  return !isDebug
}

@Test func `a packet that is submitted is read whole and once`() {
  let report = explore("ring") { lab in
    let ring = lab.allocate(CommandRing())
    let packet = CommandPacket.execute(seqno: 1, nanoseconds: 10)
    let engine = KernelThread.start("engine", cpu: 1) {
      var cursor = CommandRing.Cursor()
      lab.expect(ring.record.next(&cursor) == packet, "the engine read something else")
      lab.expect(ring.record.next(&cursor) == .halt, "the engine missed the second packet")
    }
    lab.thread("driver", cpu: 0) {
      _ = ring.record.submit(packet)
      _ = ring.record.submit(.halt)
      engine.join()
      lab.free(ring)
    }
  }
  #expect(report.verdict == .passed, "\(report.failure?.message ?? "")")
  #expect(report.isExhaustive)
}

@Test func `no raise is lost and no handler runs after it was disconnected`() {
  let report = explore("interrupt line") { lab in
    let written = lab.allocate(Word<UInt32>(0))
    let seen = lab.allocate(Word<UInt32>(0))
    let line = InterruptLine("irq", cpu: 0) {
      seen.record.store(written.record.load(.relaxed), .relaxed)
    }
    let device = KernelThread.start("device", cpu: 1) {
      for value in UInt32(1)...2 {
        written.record.store(value, .relaxed)
        line.raise()
      }
    }
    lab.thread("driver", cpu: 2) {
      device.join()
      line.disconnect()
      lab.expect(seen.record.load(.relaxed) == 2, "the handler missed the last value")
      lab.free(written)
      lab.free(seen)
    }
  }
  #expect(report.verdict == .passed, "\(report.failure?.message ?? "")")
  #expect(report.isExhaustive)
}

@Test func `registers freed under a pending interrupt are noticed`() {
  let report = explore("early free") { lab in
    let registers = lab.allocate(Word<UInt32>(0))
    let line = InterruptLine("irq", cpu: 0) { _ = registers.record.load(.relaxed) }
    let device = KernelThread.start("device", cpu: 1) { line.raise() }
    lab.thread("driver", cpu: 2) {
      device.join()
      lab.free(registers)
      line.disconnect()
    }
  }
  #expect(report.verdict == .useAfterFree)
}

@Test(
  .enabled(if: isOptimised, "twelve thousand executions; run it with -c release"))
func `a job ends under every interleaving of driver engine and interrupt`() {
  let report = explore("one job") { lab in
    let completed = lab.allocate(Word<UInt32>(0))
    let engine = Engine.make("engine 0")
    let line = InterruptLine("irq", cpu: 0) {
      completed.record.store(engine.completedSeqno, .relaxed)
    }
    let thread = engine.start(processor: 2, interrupt: line)
    lab.thread("driver", cpu: 1) {
      _ = engine.submit(.execute(seqno: 1, nanoseconds: 10))
      engine.stop(thread)
      line.disconnect()
      engine.free()
      lab.expect(completed.record.load(.relaxed) == 1, "the handler missed the job")
      lab.free(completed)
    }
  }
  #expect(report.verdict == .passed, "\(report.failure?.message ?? "")")
  #expect(report.isExhaustive)
}
