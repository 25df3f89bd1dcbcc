import Explorer
import Hardware
import Kernel
import Machine
import Testing

/// A driver that polls for the seqno and then reads what the engine wrote.
private func explorePolling(_ writes: Device.Writes, flush: Bool) -> ExplorationReport {
  explore("posted writes") { lab in
    let device = Device.make(writes: writes)
    let engine = Engine.make("engine 0", on: device)
    let line = InterruptLine("irq", cpu: 0) {}
    let packets: [CommandPacket] =
      [.write(address: 1, value: 7)] + (flush ? [.flushWrites] : []) + [.writeSeqno(1), .halt]
    for packet in packets { _ = engine.submit(packet) }
    let thread = engine.start(processor: 1, interrupt: line)
    lab.thread("driver", cpu: 0) {
      if engine.completedSeqno == 1 {
        lab.expect(device.load(1) == 7, "the seqno overtook the data")
      }
      thread.join()
      line.disconnect()
      engine.free()
      device.free()
    }
  }
}

@Test func `a seqno overtakes posted writes`() {
  #expect(explorePolling(.posted, flush: false).verdict == .expectationFailed)
}

@Test(arguments: [(Device.Writes.posted, true), (.coherent, false)])
func `a flush or coherent memory keeps the seqno behind the data`(
  writes: Device.Writes, flush: Bool
) {
  let report = explorePolling(writes, flush: flush)
  #expect(report.verdict == .passed, "\(report.failure?.message ?? "")")
  #expect(report.isExhaustive)
}

@Test func `a packet submitted during a reset is carried out once it is over`() {
  let report = explore("reset during submission") { lab in
    let engine = Engine.make("engine 0", on: nil)
    let line = InterruptLine("irq", cpu: 0) {}
    _ = engine.submit(.writeSeqno(1))
    let thread = engine.start(processor: 1, interrupt: line)
    lab.thread("driver", cpu: 0) {
      let request = engine.requestReset()
      _ = engine.submit(.writeSeqno(2))
      engine.awaitReset(request)
      engine.stop(thread)
      line.disconnect()
      lab.expect(engine.completedSeqno == 2, "the reset swallowed a later packet")
      engine.free()
    }
  }
  #expect(report.verdict == .passed, "\(report.failure?.message ?? "")")
  #expect(report.isExhaustive)
}
