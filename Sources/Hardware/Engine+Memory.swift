import Machine

extension Engine {
  /// Carries out a packet that is not a whole job; a page fault hangs the engine.
  func execute(
    _ packet: CommandPacket, _ work: inout Work, _ device: Device, _ raise: @Sendable () -> Void
  ) -> Outcome {
    let memory = device.state
    switch packet {
    case .execute, .halt: preconditionFailure("\(packet) is carried out elsewhere")
    case .compute(let nanoseconds):
      compute(nanoseconds, "compute")
      close()
    case .write(let address, let value): return write(value, at: address, &work, device)
    case .copy(let source, let target, let count):
      return copy(source, target, UInt32(count), &work, device)
    case .timestamp(let address):
      let time = UInt32(truncatingIfNeeded: Machine.clock())
      return write(time, at: address, &work, device)
    case .waitSemaphore(let address, let value):
      guard let word = work.translations.translate(address, in: space) else { return .hung }
      work.writes.drain(into: memory.record.memory)
      return waitSemaphore(word, value, work, device)
    case .signalSemaphore(let address, let value):
      guard let word = work.translations.translate(address, in: space) else { return .hung }
      work.writes.drain(into: memory.record.memory)
      device.signalSemaphore(value, at: word)
    case .flushWrites: work.writes.drain(into: memory.record.memory)
    case .flushTranslations: work.translations.flush()
    case .writeSeqno(let seqno): writeBack(seqno)
    case .interrupt:
      work.writes.drain(into: memory.record.memory)
      raise()
    }
    return .done
  }

  private func write(
    _ value: UInt32, at address: UInt32, _ work: inout Work, _ device: Device
  ) -> Outcome {
    guard let word = work.translations.translate(address, in: space) else { return .hung }
    switch device.writes {
    case .coherent: device.store(value, at: word)
    case .posted:
      if work.writes.isFull { work.writes.drain(into: device.state.record.memory) }
      work.writes.post(value, at: word)
    }
    return .done
  }

  private func copy(
    _ source: UInt32, _ target: UInt32, _ count: UInt32, _ work: inout Work, _ device: Device
  ) -> Outcome {
    for offset in 0..<count {
      guard let word = work.translations.translate(source + offset, in: space) else {
        return .hung
      }
      let value = work.writes.value(at: word) ?? device.load(word)
      guard case .done = write(value, at: target + offset, &work, device) else { return .hung }
    }
    return .done
  }

  /// Sleeps until the semaphore is there or the driver asks for a reset.
  private func waitSemaphore(
    _ word: UInt32, _ value: UInt32, _ work: Work, _ device: Device
  ) -> Outcome {
    let activity = device.state
    while true {
      // acquire[device.activity] ← release in Device.announceActivity(). What was announced is
      // visible.
      let seen = activity.record.activity.load(.acquire, edge: "device.activity")
      if Int32(bitPattern: device.load(word) &- value) >= 0 { return .done }
      // A hung engine finds the request at once.
      if registers.record.ring.hasReset(work.cursor) { return .hung }
      _ = Machine.park(on: activity.record.activity, while: seen)
    }
  }
}
