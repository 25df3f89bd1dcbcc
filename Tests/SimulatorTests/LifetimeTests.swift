import Machine
import Simulator
import Testing
import Timeline

private struct Record: ~Copyable {
  let value = Word<UInt64>(7)
}

private func messages(
  _ scenario: @escaping @Sendable (Simulation) -> Void
) -> [String] {
  Simulation.run("Lifetimes", scenario).failures.map(\.message)
}

@Test func `a use after the end is reported and marked`() {
  let report = Simulation.run("Use after free") { lab in
    let record = Machine.allocate(Record())
    lab.thread("task", cpu: 0) {
      Machine.free(record)
      _ = record.record.value.load(.relaxed)
    }
  }
  #expect(report.failures.map(\.message) == ["uses an object after its end"])
  #expect(report.timeline.events.contains { $0.mark == .violation })
}

@Test func `ending an object twice is reported`() {
  let found = messages { lab in
    let record = Machine.allocate(Record())
    lab.thread("task", cpu: 0) {
      Machine.free(record)
      Machine.free(record)
    }
  }
  #expect(found == ["ends an object twice"])
}

@Test func `an object that nobody frees is a leak`() {
  let report = Simulation.run("Leak") { _ in _ = Machine.allocate(Record()) }
  #expect(report.leaks.count == 1)
  #expect(!report.isClean)
}

@Test func `a grace period waits for a reader that was inside`() {
  let found = messages { lab in
    let record = Machine.allocate(Record())
    lab.thread("reader", cpu: 0) {
      _ = Conductor.perform(.enter(.rcuRead))
      for _ in 0..<2_000 { _ = record.record.value.load(.relaxed) }
      _ = Conductor.perform(.exit(.rcuRead))
    }
    lab.thread("writer", cpu: 1) {
      Machine.delay(nanoseconds: 100)
      _ = Conductor.perform(.gracePeriod)
      Machine.free(record)
    }
  }
  #expect(found.isEmpty)
}

@Test func `without a grace period the same reader is caught`() {
  let found = messages { lab in
    let record = Machine.allocate(Record())
    lab.thread("reader", cpu: 0) {
      _ = Conductor.perform(.enter(.rcuRead))
      for _ in 0..<2_000 { _ = record.record.value.load(.relaxed) }
      _ = Conductor.perform(.exit(.rcuRead))
    }
    lab.thread("writer", cpu: 1) {
      Machine.delay(nanoseconds: 100)
      Machine.free(record)
    }
  }
  #expect(found.first == "uses an object after its end")
}

@Test func `a cpu with interrupts off holds a grace period up`() {
  let found = messages { lab in
    let record = Machine.allocate(Record())
    lab.thread("reader", cpu: 0) {
      Machine.disableInterrupts()
      for _ in 0..<2_000 { _ = record.record.value.load(.relaxed) }
      Machine.restoreInterrupts()
    }
    lab.thread("writer", cpu: 1) {
      Machine.delay(nanoseconds: 100)
      _ = Conductor.perform(.retire(address: record.machineAddress))
      _ = Conductor.perform(.graceBarrier)
    }
  }
  #expect(found.isEmpty)
}

@Test func `deferred work runs once and the barrier waits for it`() {
  let report = Simulation.run("Deferred") { lab in
    let record = Machine.allocate(Record())
    lab.thread("task", cpu: 0) {
      _ = Conductor.perform(
        .afterGracePeriod(body: {
          let before = record.record.value.load(.relaxed)
          record.record.value.store(before + 1, .relaxed)
        }))
      _ = Conductor.perform(.graceBarrier)
      Machine.expect(record.record.value.load(.relaxed) == 8, "the callback has not run once")
      Machine.free(record)
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test func `sleeping with interrupts off is reported`() {
  let found = messages { lab in
    let record = Machine.allocate(Record())
    lab.thread("task", cpu: 0) {
      Machine.disableInterrupts()
      _ = Conductor.perform(.gracePeriod)
      Machine.restoreInterrupts()
      Machine.free(record)
    }
  }
  #expect(found.contains("sleeps in atomic context"))
}
