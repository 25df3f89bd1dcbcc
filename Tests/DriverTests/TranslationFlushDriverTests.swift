import Drivers
import Explorer
import Fences
import Hardware
import Kernel
import Machine
import Simulator
import Testing

/// One page is unmapped and its memory used again, while the engine has a write to it in its ring
/// and still knows the translation; in virtual time, with an interrupt line and a driver's life.
private func simulate(_ mistake: TranslationFlushDriver.Mistake) -> SimulationReport {
  Simulation.run(
    "Translation flush", processors: [.cpu("cpu 0"), .cpu("cpu 1"), .device("engine 0")]
  ) { lab in
    lab.thread("owner", cpu: 0) {
      let device = Device.make()
      let space = AddressSpace.make()
      let engine = Engine.make("engine 0", on: device, in: space)
      space.map(page: 0, to: 0)
      let driver = TranslationFlushDriver.open(engine, space, mistake)
      let line = InterruptLine("irq", cpu: 1) { driver.handleInterrupt() }
      let thread = engine.start(processor: 2, interrupt: line)
      _ = engine.submit(.write(address: 0, value: 7))
      Machine.delay(nanoseconds: 10_000)
      _ = engine.submit(.compute(nanoseconds: 5_000))
      _ = engine.submit(.write(address: 0, value: 8))
      guard let fence = try? driver.unmap(page: 0) else { return }
      fence.wait()
      fence.put()
      // The memory is somebody else's now.
      device.store(9, at: 0)
      engine.stop(thread)
      line.disconnect()
      Machine.expect(device.load(0) == 9, "the engine wrote to memory that somebody else has")
      driver.close()
      RCU.barrier()
      engine.free()
      space.free()
      device.free()
    }
  }
}

@Test func `memory is used again only when no translation leads to it`() {
  let report = simulate(.none)
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `a page table alone keeps no engine out`() {
  let report = simulate(.believesThePageTable)
  #expect("\(report.failures)".contains("somebody else has"), "\(report.failures)")
}

/// The same in every interleaving: a whole engine with its ring beside the driver.
///
/// The ring holds a write that the engine knows the translation for when the page is unmapped.
private func exploreFlush(_ mistake: TranslationFlushDriver.Mistake) -> ExplorationReport {
  explore("translation flush") { lab in
    let device = Device.make()
    let space = AddressSpace.make()
    let engine = Engine.make("engine 0", on: device, in: space)
    space.map(page: 0, to: 0)
    let driver = TranslationFlushDriver.open(engine, space, mistake)
    for packet in [
      CommandPacket.write(address: 0, value: 7), .writeSeqno(.max),
      .write(address: 0, value: 8),
    ] { _ = engine.submit(packet) }
    lab.thread("engine", cpu: 1) {
      engine.run {
        driver.handleInterrupt()
        _ = engine.submit(.halt)
      }
    }
    lab.thread("owner", cpu: 0) {
      lab.spin(until: engine.hasPassed(0))
      guard let fence = try? driver.unmap(page: 0) else { return }
      lab.spin(until: fence.signaledFlag)
      // The memory is somebody else's now.
      device.store(9, at: 0)
      fence.put()
    }
    lab.finally {
      lab.expect(device.load(0) == 9, "the engine wrote to memory that somebody else has")
      driver.close()
      engine.free()
      space.free()
      device.free()
    }
  }
}

@Test func `no interleaving lets an engine reach what was flushed`() {
  let report = exploreFlush(.none)
  #expect(report.verdict == .passed, "\(report.failure?.message ?? report.bound)")
  #expect(report.isExhaustive)
  #expect(exploreFlush(.believesThePageTable).verdict == .expectationFailed)
}
