import Machine
import Timeline

extension Engine {
  /// What only the engine itself knows.
  struct Work {
    var cursor = CommandRing.Cursor()
    var translations = TranslationCache()
    var writes = WriteBuffer()
    /// Packets begun so far, which fault plans count.
    var packetCount: UInt32 = 0
  }

  /// How a packet ended.
  enum Outcome { case done, hung, halted }

  /// The engine's life: packets until it is told to stop.
  ///
  /// ``start(processor:interrupt:)`` gives it a thread; scenarios may give it one of theirs.
  package func run(_ raise: @Sendable () -> Void) {
    var work = Work()
    while true {
      guard let packet = registers.record.ring.next(&work.cursor) else {
        reset(&work)
        continue
      }
      switch begin(packet, &work, raise) {
      case .done: break
      case .halted: return
      case .hung:
        registers.record.ring.sleepUntilReset(work.cursor)
        reset(&work)
      }
    }
  }

  /// Forgets everything that a reset loses.
  private func reset(_ work: inout Work) {
    work.translations.flush()
    work.writes.drop()
    registers.record.ring.acknowledgeReset(&work.cursor)
  }

  /// Carries a packet out, unless the device has other plans.
  private func begin(
    _ packet: CommandPacket, _ work: inout Work, _ raise: @Sendable () -> Void
  ) -> Outcome {
    if packet == .halt {
      if let device { work.writes.drain(into: device.state.record.memory) }
      return .halted
    }
    guard let device else { return executeAlone(packet, raise) }
    if sleepWhileGated() { work.translations.flush() }
    guard device.isPresent else { return .done }
    let number = work.packetCount
    work.packetCount &+= 1
    if (ownFaults ?? device.faults).strikes(.hang, packet: number) { return .hung }
    if case .execute(let seqno, let nanoseconds) = packet {
      return executeJob(seqno, nanoseconds, number, &work, device, raise)
    }
    return execute(packet, &work, device, raise)
  }

  /// A packet of an engine that belongs to no device.
  private func executeAlone(_ packet: CommandPacket, _ raise: @Sendable () -> Void) -> Outcome {
    switch packet {
    case .execute(let seqno, let nanoseconds):
      compute(nanoseconds, "job \(seqno)")
      writeBack(seqno)
      close()
      raise()
    case .compute(let nanoseconds):
      compute(nanoseconds, "compute")
      close()
    case .writeSeqno(let seqno): writeBack(seqno)
    case .interrupt: raise()
    default: preconditionFailure("\(packet) needs a device's memory")
    }
    return .done
  }

  /// A whole job, with everything that can go wrong about it.
  private func executeJob(
    _ seqno: UInt32, _ nanoseconds: UInt32, _ number: UInt32, _ work: inout Work,
    _ device: Device, _ raise: @Sendable () -> Void
  ) -> Outcome {
    let faults = ownFaults ?? device.faults
    if faults.strikes(.spuriousInterrupt, packet: number) { raise() }
    if faults.strikes(.partialCompletion, packet: number) {
      Machine.delay(nanoseconds: UInt64(nanoseconds / 2))
      return .hung
    }
    compute(nanoseconds, "job \(seqno)")
    close()
    guard device.isPresent else { return .done }
    work.writes.drain(into: device.state.record.memory)
    if faults.strikes(.lateWriteBack, packet: number) {
      raise()
      Machine.delay(nanoseconds: Limits.lateNanoseconds)
      if device.isPresent { writeBack(seqno) }
      return .done
    }
    writeBack(seqno)
    if faults.strikes(.lostInterrupt, packet: number) { return .done }
    if faults.strikes(.lateInterrupt, packet: number) {
      Machine.delay(nanoseconds: Limits.lateNanoseconds)
    }
    if device.isPresent { raise() }
    return .done
  }

  // MARK: - Steps that packets are made of

  /// Computes, and draws it.
  func compute(_ nanoseconds: UInt32, _ label: @autoclosure () -> String) {
    if let recorder { _ = recorder.open(label(), on: name, at: Machine.clock()) }
    Machine.delay(nanoseconds: UInt64(nanoseconds))
  }

  /// Ends the drawing of a computation.
  func close() {
    if let recorder { recorder.closeLatest(on: name, at: Machine.clock()) }
  }

  /// Writes the seqno of a packet that has ended; public for scenarios that play the engine.
  ///
  /// - Ordering: Release. Edge `engine.completed`.
  public func writeBack(_ seqno: UInt32) {
    // release[engine.completed] → acquire in Engine.completedSeqno. The results are visible to
    // whoever sees the seqno.
    registers.record.completed.store(seqno, .release, edge: "engine.completed")
  }
}
