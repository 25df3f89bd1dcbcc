import Hardware
import Kernel
import Machine
import Simulator
import Testing

/// Runs a driver on the machine of ``DeviceFixture`` and wants a clean end.
private func simulate(_ title: String, _ driver: @escaping @Sendable () -> Void) {
  let report = Simulation.run(title, processors: deviceProcessors) { lab in
    lab.thread("driver", cpu: 0, driver)
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `packets write copy and take the time`() {
  simulate("Memory") {
    let gpu = DeviceFixture(.make())
    gpu.run(
      [
        .write(address: 3, value: 30), .write(address: 4, value: 40),
        .copy(from: 3, to: 100, count: 2), .compute(nanoseconds: 5_000), .timestamp(address: 7),
      ], seqno: 1)
    Machine.expect(gpu.device.load(100) == 30 && gpu.device.load(101) == 40, "nothing was copied")
    Machine.expect(gpu.device.load(7) >= 5_000, "the timestamp is before the computation")
    gpu.close()
  }
}

@Test func `an unmapped page stays within reach until translations are flushed`() {
  simulate("Translations") {
    let space = AddressSpace.make()
    let gpu = DeviceFixture(.make(), in: space)
    space.map(page: 0, to: 5)
    gpu.run([.write(address: 1, value: 11)], seqno: 1)
    Machine.expect(gpu.device.load(5 * 16 + 1) == 11, "the page is not where the table says")
    space.unmap(page: 0)
    gpu.run([.write(address: 2, value: 22)], seqno: 2)
    Machine.expect(gpu.device.load(5 * 16 + 2) == 22, "the engine forgot the translation early")
    _ = gpu.engines[0].submit(.flushTranslations)
    _ = gpu.engines[0].submit(.write(address: 3, value: 33))
    Machine.delay(nanoseconds: 100_000)
    Machine.expect(gpu.device.load(5 * 16 + 3) == 0, "an unmapped page was written")
    // The page fault hangs the engine.
    gpu.reset()
    gpu.close()
    space.free()
  }
}

@Test func `a semaphore orders two engines`() {
  simulate("Semaphores") {
    let gpu = DeviceFixture(.make())
    _ = gpu.engines[1].submit(.waitSemaphore(address: 0, value: 1))
    _ = gpu.engines[1].submit(.copy(from: 8, to: 9, count: 1))
    gpu.run(
      [
        .compute(nanoseconds: 20_000), .write(address: 8, value: 88),
        .signalSemaphore(address: 0, value: 1),
      ], seqno: 1)
    gpu.run([], on: 1, seqno: 1)
    Machine.expect(gpu.device.load(9) == 88, "the second engine did not wait")
    gpu.close()
  }
}

@Test func `a reset ends a wait for a semaphore that nobody signals`() {
  simulate("Reset") {
    let gpu = DeviceFixture(.make())
    _ = gpu.engines[0].submit(.waitSemaphore(address: 0, value: 1))
    _ = gpu.engines[0].submit(.write(address: 1, value: 1))
    Machine.delay(nanoseconds: 10_000)
    gpu.reset()
    gpu.run([.write(address: 2, value: 2)], seqno: 7)
    Machine.expect(gpu.device.load(1) == 0, "a packet before the reset was carried out")
    Machine.expect(gpu.device.load(2) == 2, "a packet after the reset was not")
    gpu.close()
  }
}

@Test func `a full reset loses the memory`() {
  simulate("Full reset") {
    let gpu = DeviceFixture(.make())
    gpu.run([.write(address: 2, value: 2)], seqno: 1)
    gpu.device.reset(gpu.engines)
    Machine.expect(gpu.device.load(2) == 0, "memory survived a full reset")
    gpu.close()
  }
}

@Test func `an engine without power keeps its packets`() {
  simulate("Power") {
    let gpu = DeviceFixture(.make())
    gpu.engines[0].gate()
    _ = gpu.engines[0].submit(.writeSeqno(1))
    Machine.delay(nanoseconds: 50_000)
    Machine.expect(gpu.engines[0].completedSeqno == 0, "a gated engine worked")
    gpu.engines[0].ungate()
    gpu.wait(for: 1)
    gpu.close()
  }
}

@Test func `a device that was pulled out writes nothing and can be taken down`() {
  let interrupts = Machine.permanent(Word<UInt32>(0))
  simulate("Unplug") {
    let gpu = DeviceFixture(.make()) { _ = interrupts.record.fetchAdd(1, .relaxed) }
    _ = gpu.engines[0].submit(.execute(seqno: 1, nanoseconds: 10_000))
    Machine.delay(nanoseconds: 2_000)
    gpu.device.unplug()
    _ = gpu.engines[0].submit(.execute(seqno: 2, nanoseconds: 10))
    Machine.delay(nanoseconds: 50_000)
    Machine.expect(!gpu.device.isPresent, "it is still there")
    Machine.expect(gpu.engines[0].completedSeqno == 0, "a device that is gone wrote a seqno")
    gpu.close()
    Machine.expect(interrupts.record.load(.relaxed) == 0, "a device that is gone interrupted")
  }
}

@Test func `a masked source keeps one interrupt and a route leads to its cpu`() {
  let handled = Machine.permanent(Word<UInt32>(0))
  simulate("Controller") {
    let device = Device.make()
    let controller = InterruptController.make([
      ("irq", { _ = handled.record.fetchAdd(1, .relaxed) })
    ])
    let engine = Engine.make("engine 0", on: device)
    let thread = engine.start(processor: 2, interrupt: 0, of: controller)
    controller.mask(0)
    for seqno in UInt32(1)...3 { _ = engine.submit(.execute(seqno: seqno, nanoseconds: 100)) }
    Machine.delay(nanoseconds: 50_000)
    Machine.expect(handled.record.load(.relaxed) == 0, "a masked source was delivered")
    // Routed to this CPU, with its interrupts off: the handler has to wait.
    controller.route(0, to: 0)
    Machine.disableInterrupts()
    controller.unmask(0)
    Machine.delay(nanoseconds: 50_000)
    Machine.expect(handled.record.load(.relaxed) == 0, "the route leads to another cpu")
    Machine.restoreInterrupts()
    Machine.expect(handled.record.load(.relaxed) == 1, "three raises are one delivery")
    engine.stop(thread)
    controller.disconnect()
    engine.free()
    device.free()
  }
}

@Test func `engines on native threads share memory and semaphores`() {
  let gpu = DeviceFixture(.make(writes: .posted))
  _ = gpu.engines[1].submit(.waitSemaphore(address: 0, value: 1))
  _ = gpu.engines[1].submit(.copy(from: 8, to: 9, count: 1))
  gpu.run([.write(address: 8, value: 88), .signalSemaphore(address: 0, value: 1)], seqno: 1)
  gpu.run([.flushWrites], on: 1, seqno: 1)
  #expect(gpu.device.load(9) == 88)
  _ = gpu.engines[0].submit(.waitSemaphore(address: 0, value: 2))
  gpu.reset()
  gpu.close()
}

@Test(arguments: [
  CommandPacket.write(address: 0xFF_FFFF, value: .max), .compute(nanoseconds: .max),
  .copy(from: 1, to: 0xFF_FFFE, count: .max), .waitSemaphore(address: 2, value: 3),
  .signalSemaphore(address: 4, value: 5), .timestamp(address: 6), .flushWrites,
  .flushTranslations, .writeSeqno(.max), .interrupt,
])
func `every packet survives its word`(packet: CommandPacket) {
  #expect(CommandPacket(machineBits: packet.machineBits) == packet)
}

@Test func `an address that does not fit into a packet is refused`() async {
  await #expect(processExitsWith: .failure) {
    _ = CommandPacket.copy(from: 0x100_0000, to: 0, count: 1).machineBits
  }
  await #expect(processExitsWith: .failure) {
    _ = CommandPacket.copy(from: 0, to: 0x100_0000, count: 1).machineBits
  }
}
