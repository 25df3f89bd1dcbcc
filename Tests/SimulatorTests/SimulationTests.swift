import Kernel
import Machine
import Simulator
import Testing
import Timeline

/// Words that the programs of these tests share.
private struct Shared: ~Copyable {
  let flag = Word<UInt32>(0)
  let count = Word<UInt64>(0)
  let lock = Word<UInt64>(0)
}

private func raise(_ name: String, cpu: Int, _ body: @escaping @Sendable () -> Void) {
  _ = Conductor.perform(.spawn(Spawn(name: name, cpu: cpu, context: .interrupt, body: body)))
}

/// Adds under a lock, so that an unprotected read and write would lose updates.
private func addUnderLock(_ shared: Object<Shared>) {
  let step = LockStep(lock: shared.record.lock.address, kind: .spinning)
  Machine.disableInterrupts()
  _ = Conductor.perform(.acquire(step))
  let before = shared.record.count.load(.relaxed)
  shared.record.count.store(before + 1, .relaxed)
  _ = Conductor.perform(.release(step))
  Machine.restoreInterrupts()
}

private func twoCounters() -> SimulationReport {
  Simulation.run("Two counters") { lab in
    let shared = Machine.allocate(Shared())
    for cpu in 0..<2 {
      lab.thread("counter \(cpu)", cpu: cpu) { for _ in 0..<50 { addUnderLock(shared) } }
    }
    lab.finally {
      Machine.expect(shared.record.count.load(.relaxed) == 100, "an addition was lost")
      Machine.free(shared)
    }
  }
}

@Test func `a lock keeps two cpus apart and the run ends clean`() {
  let report = twoCounters()
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
  #expect(report.timeline.end > 0)
}

@Test func `two runs of one program give equal timelines`() {
  let (first, second) = (twoCounters(), twoCounters())
  #expect(first == second)
  #expect(TimeChart(first.timeline).text() == TimeChart(second.timeline).text())
}

@Test func `a masked interrupt is delivered when it is unmasked`() {
  let report = Simulation.run("Masked") { lab in
    let shared = Machine.allocate(Shared())
    lab.interrupt("line", cpu: 0, at: 100) { shared.record.flag.store(1, .relaxed) }
    lab.thread("task", cpu: 0) {
      Machine.disableInterrupts()
      Machine.delay(nanoseconds: 5_000)
      Machine.expect(shared.record.flag.load(.relaxed) == 0, "the handler ran while masked")
      Machine.restoreInterrupts()
      Machine.expect(shared.record.flag.load(.relaxed) == 1, "the handler did not run at once")
    }
    lab.finally { Machine.free(shared) }
  }
  #expect(report.isClean, "\(report.failures)")
  let handler = report.timeline.events.first { $0.label == "line" }
  #expect(handler.map { $0.start >= 5_000 } == true)
}

@Test func `an unmasked interrupt breaks into a task that computes`() {
  let report = Simulation.run("Unmasked", processors: [.cpu("cpu 0")]) { lab in
    let shared = Machine.allocate(Shared())
    lab.interrupt("line", cpu: 0, at: 100) { shared.record.flag.store(1, .relaxed) }
    lab.thread("task", cpu: 0) {
      for _ in 0..<200 { shared.record.count.store(1, .relaxed) }
      Machine.expect(shared.record.flag.load(.relaxed) == 1, "the handler had to wait")
    }
    lab.finally { Machine.free(shared) }
  }
  #expect(report.isClean, "\(report.failures)")
}

@Test func `a sleeper whom nobody wakes times out at its deadline`() {
  let report = Simulation.run("Timeout") { lab in
    let shared = Machine.allocate(Shared())
    lab.thread("sleeper", cpu: 0) {
      let wasWoken = Machine.park(on: shared.record.flag, while: 0, deadline: 30_000)
      Machine.expect(!wasWoken, "somebody woke it")
      Machine.expect((30_000..<31_000).contains(Machine.clock()), "it slept too long")
    }
    lab.finally { Machine.free(shared) }
  }
  #expect(report.isClean, "\(report.failures)")
}

@Test func `a wake ends a sleep before its deadline`() {
  let report = Simulation.run("Wake") { lab in
    let shared = Machine.allocate(Shared())
    lab.thread("sleeper", cpu: 0) {
      while shared.record.flag.load(.acquire, edge: "test.flag") == 0 {
        Machine.expect(
          Machine.park(on: shared.record.flag, while: 0, deadline: 1_000_000), "it timed out")
      }
      Machine.expect(Machine.clock() < 10_000, "it slept to the end")
    }
    lab.thread("waker", cpu: 1) {
      Machine.delay(nanoseconds: 2_000)
      shared.record.flag.store(1, .release, edge: "test.flag")
      Machine.wake(shared.record.flag)
    }
    lab.finally { Machine.free(shared) }
  }
  #expect(report.isClean, "\(report.failures)")
}

@Test func `tasks of one cpu take turns when they sleep or spin`() {
  let report = Simulation.run("Turns", processors: [.cpu("cpu 0")]) { lab in
    let shared = Machine.allocate(Shared())
    lab.thread("spinner", cpu: 0) {
      Machine.spin(until: shared.record.flag.equals(1, .acquire, edge: "test.turn"))
    }
    lab.thread("setter", cpu: 0) {
      Machine.delay(nanoseconds: 500)
      shared.record.flag.store(1, .release, edge: "test.turn")
    }
    lab.finally { Machine.free(shared) }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test func `an interrupt that spins on a lock held below it is reported as stuck`() {
  let report = Simulation.run("Self deadlock", processors: [.cpu("cpu 0")]) { lab in
    let shared = Machine.allocate(Shared())
    let step = LockStep(lock: shared.record.lock.address, kind: .spinning)
    lab.interrupt("line", cpu: 0, at: 100) {
      _ = Conductor.perform(.acquire(step))
      _ = Conductor.perform(.release(step))
    }
    lab.thread("task", cpu: 0) {
      _ = Conductor.perform(.acquire(step))
      for _ in 0..<500 { shared.record.count.store(1, .relaxed) }
      _ = Conductor.perform(.release(step))
    }
  }
  #expect(report.stuck.contains("line waits for a lock that nobody gives back"))
  #expect(!report.isClean)
}

@Test func `an interrupt handler may raise another interrupt elsewhere`() {
  let report = Simulation.run("Cascade") { lab in
    let shared = Machine.allocate(Shared())
    lab.interrupt("first", cpu: 0, at: 10) {
      raise("second", cpu: 1) { shared.record.flag.store(1, .relaxed) }
    }
    lab.finally {
      Machine.expect(shared.record.flag.load(.relaxed) == 1, "the second never came")
      Machine.free(shared)
    }
  }
  #expect(report.isClean, "\(report.failures)")
  let labels = report.timeline.events.map(\.label)
  #expect(labels == ["first", "second"])
  #expect(report.timeline.flows.count == 1)
}

@Test func `a store ends only the spins whose condition it meets`() {
  let report = Simulation.run("Two spinners") { lab in
    let shared = Machine.allocate(Shared())
    for value in UInt32(1)...2 {
      lab.thread("spinner \(value)", cpu: Int(value) - 1) {
        Machine.spin(until: shared.record.flag.equals(value, .relaxed))
        Machine.expect(shared.record.flag.load(.relaxed) == value, "the wrong store ended the wait")
        shared.record.flag.store(value + 1, .relaxed)
      }
    }
    lab.interrupt("first", cpu: 0, at: 500) { shared.record.flag.store(1, .relaxed) }
    lab.finally {
      Machine.expect(shared.record.flag.load(.relaxed) == 3, "a spinner never ended")
      Machine.free(shared)
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test func `a thread starts without the signal of an earlier one`() {
  for _ in 0..<2 {
    let report = Simulation.run("Signals") { lab in
      lab.thread("task", cpu: 0) {
        Machine.expect(!KernelTask.current.hasPendingSignal, "another task's signal is pending")
        KernelTask.current.sendSignal()
      }
    }
    #expect(report.isClean, "\(report.failures)")
  }
}

@Test func `a timer runs at its virtual time and not after it was called off`() {
  let report = Simulation.run("Timers") { lab in
    let shared = Machine.allocate(Shared())
    lab.thread("task", cpu: 0) {
      let kept = KernelTimer.make("kept", cpu: 1) { _ in
        shared.record.count.store(Machine.clock(), .relaxed)
      }
      let dropped = KernelTimer.make("dropped", cpu: 1) { _ in
        shared.record.flag.store(1, .relaxed)
      }
      kept.arm(after: Jiffies(3))
      dropped.arm(after: Jiffies(2))
      Machine.delay(nanoseconds: 1_000_000)
      Machine.expect(dropped.cancelAndWait(), "the timer was not armed")
      Machine.delay(nanoseconds: 5_000_000)
      kept.shutDown()
      dropped.shutDown()
    }
    lab.finally {
      let time = shared.record.count.load(.relaxed)
      Machine.expect((3_000_000..<3_010_000).contains(time), "the timer ran at \(time) ns")
      Machine.expect(shared.record.flag.load(.relaxed) == 0, "a cancelled timer ran")
      Machine.free(shared)
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck) \(report.leaks)")
}

@Test func `an endless run is cut and says so`() {
  let report = Simulation.run("Endless", eventCountMax: 10_000) { lab in
    let shared = Machine.allocate(Shared())
    lab.thread("task", cpu: 0) {
      while shared.record.flag.load(.relaxed) == 0 {}
    }
  }
  #expect(report.isCut)
  #expect(!report.isClean)
}

@Test func `a softirq waits for its level and gives way to interrupts`() {
  let report = Simulation.run("Softirq", processors: [.cpu("cpu 0")]) { lab in
    let shared = Machine.allocate(Shared())
    lab.interrupt("line", cpu: 0, at: 3_000) { shared.record.flag.store(1, .relaxed) }
    lab.thread("task", cpu: 0) {
      _ = Conductor.perform(.level(.softirqs, .off))
      _ = Conductor.perform(
        .spawn(
          Spawn(name: "softirq", cpu: 0, context: .softirq) {
            shared.record.count.store(1, .relaxed)
            for _ in 0..<3_000 { _ = shared.record.count.load(.relaxed) }
            Machine.expect(shared.record.flag.load(.relaxed) == 1, "no interrupt came in between")
          }))
      for _ in 0..<100 {
        Machine.expect(shared.record.count.load(.relaxed) == 0, "a masked softirq ran")
      }
      _ = Conductor.perform(.level(.softirqs, .on))
      Machine.expect(shared.record.count.load(.relaxed) == 1, "the softirq did not run at once")
    }
    lab.finally { Machine.free(shared) }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test func `a sleeping lock lets its cpu run others meanwhile`() {
  let report = Simulation.run("Sleeping lock", processors: [.cpu("cpu 0")]) { lab in
    let shared = Machine.allocate(Shared())
    let step = LockStep(lock: shared.record.lock.address, kind: .sleeping)
    for name in ["first", "second"] {
      lab.thread(name, cpu: 0) {
        _ = Conductor.perform(.acquire(step))
        let before = shared.record.count.load(.relaxed)
        Machine.delay(nanoseconds: 1_000)
        shared.record.count.store(before + 1, .relaxed)
        _ = Conductor.perform(.release(step))
      }
    }
    lab.finally {
      Machine.expect(shared.record.count.load(.relaxed) == 2, "both held the lock at once")
      Machine.free(shared)
    }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}

@Test(arguments: [Level.interrupts, .softirqs, .preemption])
func `unmasking what was not masked is reported`(level: Level) {
  let report = Simulation.run("Unbalanced") { lab in
    lab.thread("task", cpu: 0) {
      _ = Conductor.perform(.level(level, .on))
      _ = Conductor.perform(.level(level, .off))
    }
  }
  #expect(report.failures.map(\.message) == ["unmasks what it had not masked"])
}

@Test func `a task that ends with a lock held is reported`() {
  let report = Simulation.run("Held") { lab in
    let shared = Machine.allocate(Shared())
    lab.thread("task", cpu: 0) {
      let step = LockStep(lock: shared.record.lock.address, kind: .spinning)
      _ = Conductor.perform(.acquire(step))
    }
    lab.finally { Machine.free(shared) }
  }
  #expect(report.failures.map(\.message) == ["ends while something is still masked or locked"])
}
