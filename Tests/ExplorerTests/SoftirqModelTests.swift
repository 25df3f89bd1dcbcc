import Explorer
import Kernel
import Machine
import Testing

/// Where a softirq runs, what keeps it out, and who interrupts whom: both engines say the same.
@Suite struct SoftirqModelTests {
  /// What both engines say; both answers where they differ.
  private func verdict(_ scenario: @escaping @Sendable (Lab) -> Void) -> String {
    let (interleavings, graphs) = reports(scenario)
    let (first, second) = (words(interleavings), words(graphs))
    return first == second ? first : "\(first), in weak memory \(second)"
  }

  private func reports(
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) -> (ExplorationReport, ExplorationReport) {
    var options = ExplorationOptions()
    let interleavings = explore("softirq", options: options, scenario)
    options.memory = .weak
    return (interleavings, explore("softirq", options: options, scenario))
  }

  private func words(_ report: ExplorationReport) -> String {
    report.failure.map { "\($0.verdict.rawValue): \($0.rule)" } ?? report.verdict.rawValue
  }

  private static let broken = "expectation failed: expectation"

  /// Who does two stores that belong together, and who must not see the first alone.
  private enum Party: Sendable {
    case task(cpu: Int), softirq(cpu: Int), interrupt(cpu: Int)
  }

  /// What the two stores are wrapped in.
  private enum Wrapping: Sendable {
    case nothing, softirqsOff, softirqsOffTwice, interruptsOff, preemptionOff, softirqsOnTooEarly

    func callAsFunction(_ body: () -> Void) {
      switch self {
      case .nothing: body()
      case .softirqsOff: off(Machine.disableSoftirqs, body, Machine.enableSoftirqs)
      case .softirqsOffTwice:
        Machine.disableSoftirqs()
        off(Machine.disableSoftirqs, {}, Machine.enableSoftirqs)
        off({}, body, Machine.enableSoftirqs)
      case .interruptsOff: off(Machine.disableInterrupts, body, Machine.restoreInterrupts)
      case .preemptionOff: off(Machine.disablePreemption, body, Machine.enablePreemption)
      case .softirqsOnTooEarly: off(Machine.disableSoftirqs, Machine.enableSoftirqs, body)
      }
    }

    private func off(_ begin: () -> Void, _ body: () -> Void, _ end: () -> Void) {
      begin()
      body()
      end()
    }
  }

  private static func run(
    _ party: Party, _ name: String, in lab: Lab, _ body: @escaping @Sendable () -> Void
  ) {
    switch party {
    case .task(let cpu): lab.thread(name, cpu: cpu, body)
    case .softirq(let cpu): lab.softirq(name, cpu: cpu, body)
    case .interrupt(let cpu): lab.interrupt(name, cpu: cpu, body)
    }
  }

  private func pairOfStores(_ writer: Party, _ wrapping: Wrapping, _ reader: Party) -> String {
    verdict { lab in
      let w = lab.allocate(Words())
      Self.run(writer, "writer", in: lab) {
        wrapping {
          w.record.x.store(1, .relaxed)
          w.record.x.store(0, .relaxed)
        }
      }
      Self.run(reader, "reader", in: lab) {
        lab.expect(w.record.x.load(.relaxed) == 0, "the stores belong together")
      }
      lab.finally { lab.free(w) }
    }
  }

  // MARK: - What keeps a softirq out

  @Test(arguments: [
    (Wrapping.nothing, broken), (.preemptionOff, broken), (.softirqsOnTooEarly, broken),
    (.softirqsOff, "passed"), (.softirqsOffTwice, "passed"), (.interruptsOff, "passed"),
  ])
  private func `a softirq runs anywhere but where softirqs or interrupts are off`(
    _ pair: (wrapping: Wrapping, verdict: String)
  ) {
    #expect(pairOfStores(.task(cpu: 0), pair.wrapping, .softirq(cpu: 0)) == pair.verdict)
  }

  @Test func `what one cpu masks another does not`() {
    #expect(pairOfStores(.task(cpu: 0), .softirqsOff, .softirq(cpu: 1)) == Self.broken)
  }

  @Test(arguments: [(0, "passed"), (1, broken)])
  func `a softirq does not come into an interrupt of its cpu`(
    _ pair: (cpu: Int, verdict: String)
  ) {
    #expect(
      pairOfStores(.interrupt(cpu: 0), .nothing, .softirq(cpu: pair.cpu)) == pair.verdict)
  }

  @Test(arguments: [
    (Wrapping.nothing, broken), (.softirqsOff, broken), (.interruptsOff, "passed"),
  ])
  private func `an interrupt comes into a softirq`(_ pair: (wrapping: Wrapping, verdict: String)) {
    #expect(pairOfStores(.softirq(cpu: 0), pair.wrapping, .interrupt(cpu: 0)) == pair.verdict)
  }

  @Test(arguments: [(0, "passed"), (1, broken)])
  func `the task of a cpu goes on when its softirq is over`(_ pair: (cpu: Int, verdict: String)) {
    #expect(pairOfStores(.softirq(cpu: 0), .nothing, .task(cpu: pair.cpu)) == pair.verdict)
  }

  @Test(arguments: [(0, "passed"), (1, broken)])
  func `softirqs of one cpu run one after the other`(_ pair: (cpu: Int, verdict: String)) {
    #expect(pairOfStores(.softirq(cpu: 0), .nothing, .softirq(cpu: pair.cpu)) == pair.verdict)
  }

  @Test(arguments: [(0, "passed"), (1, broken)])
  func `interrupts of one idle cpu run one after the other`(_ pair: (cpu: Int, verdict: String)) {
    #expect(pairOfStores(.interrupt(cpu: 0), .nothing, .interrupt(cpu: pair.cpu)) == pair.verdict)
  }

  // MARK: - Raising

  private enum Raiser: Sendable { case interrupt, maskedTask, task }

  @Test(arguments: [(Raiser.interrupt, "passed"), (.maskedTask, "passed"), (.task, broken)])
  private func `what is raised waits for the end of what keeps it out`(
    _ pair: (raiser: Raiser, verdict: String)
  ) {
    let found = verdict { lab in
      let w = lab.allocate(Words())
      let raise: @Sendable () -> Void = {
        Softirq.raise("bottom half") {
          lab.expect(w.record.x.load(.relaxed) == 1, "the raiser is done")
        }
        w.record.x.store(1, .relaxed)
      }
      if pair.raiser == .interrupt {
        lab.interrupt("raiser", cpu: 0, raise)
      } else {
        lab.thread("raiser", cpu: 0) {
          let masks = pair.raiser == .maskedTask
          if masks { Machine.disableSoftirqs() }
          raise()
          if masks { Machine.enableSoftirqs() }
        }
      }
      lab.finally { lab.free(w) }
    }
    #expect(found == pair.verdict)
  }

  /// Only the softirq uses the word, and only the interrupt says when the softirq can come.
  @Test(arguments: [
    (Wrapping.nothing, broken), (.softirqsOff, "passed"), (.interruptsOff, "passed"),
  ])
  private func `what an interrupt raises comes upon the task`(
    _ pair: (wrapping: Wrapping, verdict: String)
  ) {
    let found = verdict { lab in
      let w = lab.allocate(Words())
      lab.thread("task", cpu: 0) {
        pair.wrapping {
          w.record.x.store(1, .relaxed)
          w.record.x.store(0, .relaxed)
        }
      }
      lab.interrupt("irq", cpu: 0) {
        Softirq.raise("bottom half") {
          lab.expect(w.record.x.load(.relaxed) == 0, "the stores belong together")
        }
      }
      lab.finally { lab.free(w) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(1, "passed"), (2, broken)])
  func `it runs once for each raise`(_ pair: (raises: Int, verdict: String)) {
    let found = verdict { lab in
      let w = lab.allocate(Words())
      lab.interrupt("irq", cpu: 0) {
        for _ in 0..<pair.raises {
          Softirq.raise("bottom half") {
            w.record.x.store(w.record.x.load(.relaxed) + 1, .relaxed)
          }
        }
      }
      lab.finally {
        lab.expect(w.record.x.load(.relaxed) == 1, "one run")
        lab.free(w)
      }
    }
    #expect(found == pair.verdict)
  }

  // MARK: - Locks, sleeping, reading

  @Test(arguments: [(false, "deadlock: deadlock/softirq"), (true, "passed")])
  func `a lock that a softirq takes is taken with softirqs off`(
    _ pair: (masks: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let lock = lab.allocate(SpinLock())
      lab.thread("task", cpu: 0) {
        pair.masks ? lock.record.lockBH() : lock.record.lock()
        pair.masks ? lock.record.unlockBH() : lock.record.unlock()
      }
      lab.softirq("bottom half", cpu: 0) {
        lock.record.lock()
        lock.record.unlock()
      }
      lab.finally { lab.free(lock) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "deadlock: deadlock/interrupt"), (true, "passed")])
  func `a lock that an interrupt takes is taken with interrupts off in a softirq too`(
    _ pair: (masks: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let lock = lab.allocate(SpinLock())
      lab.softirq("bottom half", cpu: 0) {
        pair.masks ? lock.record.lockIRQSave() : lock.record.lock()
        pair.masks ? lock.record.unlockIRQRestore() : lock.record.unlock()
      }
      lab.interrupt("irq", cpu: 0) {
        lock.record.lock()
        lock.record.unlock()
      }
      lab.finally { lab.free(lock) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "atomic sleep: atomic-sleep/grace-period"), (false, "passed")])
  func `a softirq waits for no grace period`(_ pair: (inSoftirq: Bool, verdict: String)) {
    let found = verdict { lab in
      let body: @Sendable () -> Void = { RCU.synchronize() }
      Self.run(pair.inSoftirq ? .softirq(cpu: 0) : .task(cpu: 0), "waiter", in: lab, body)
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "passed"), (false, "use after free: use-after-free")])
  func `a softirq is a read section`(_ pair: (waits: Bool, verdict: String)) {
    let found = verdict { lab in
      let shared = lab.allocate(Plain())
      let slot = lab.allocate(Word<Object<Plain>?>(shared))
      lab.softirq("reader", cpu: 0) {
        if let found = RCU.dereference(slot.record) { _ = found.record.flag.load(.relaxed) }
      }
      lab.thread("writer", cpu: 1) {
        slot.record.store(nil, .relaxed)
        if pair.waits { RCU.synchronize() }
        lab.free(shared)
      }
      lab.finally { lab.free(slot) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [true, false])
  func `softirqs are switched on as often as off`(isOff: Bool) {
    let found = verdict { lab in
      lab.thread("task", cpu: 0) {
        isOff ? Machine.disableSoftirqs() : Machine.enableSoftirqs()
      }
    }
    #expect(found == "lock misuse: lock-misuse/level")
  }

  // MARK: - Lock classes

  private enum Taking: Sendable { case plain, softirqsOff, interruptsOff, softirqsOnEarly }

  /// The softirq's CPU is another: no schedule deadlocks.
  @Test(arguments: [
    (Taking.plain, "lock order: lock-order/softirq"),
    (.softirqsOnEarly, "lock order: lock-order/softirq"),
    (.softirqsOff, "passed"), (.interruptsOff, "passed"),
  ])
  private func `a class that softirqs take is held with softirqs off`(
    _ pair: (taking: Taking, verdict: String)
  ) {
    let found = verdict { lab in
      let lock = lab.allocate(SpinLock())
      lab.thread("task", cpu: 0) {
        switch pair.taking {
        case .plain:
          lock.record.lock()
          lock.record.unlock()
        case .softirqsOff:
          lock.record.lockBH()
          lock.record.unlockBH()
        case .interruptsOff: lock.record.withLockIRQSave {}
        case .softirqsOnEarly:
          lock.record.lockBH()
          Machine.enableSoftirqs()
          lock.record.unlock()
        }
      }
      lab.softirq("bottom half", cpu: 1) {
        lock.record.lock()
        lock.record.unlock()
      }
      lab.finally { lab.free(lock) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "passed"), (false, "lock order: lock-order/softirq")])
  func `a softirq may try a lock that tasks hold with softirqs on`(
    _ pair: (tries: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let lock = lab.allocate(SpinLock())
      lab.thread("task", cpu: 0) {
        lock.record.lock()
        lock.record.unlock()
      }
      lab.softirq("bottom half", cpu: 1) {
        if !pair.tries { lock.record.lock() }
        if !pair.tries || lock.record.tryLock() { lock.record.unlock() }
      }
      lab.finally { lab.free(lock) }
    }
    #expect(found == pair.verdict)
  }

  struct Locks: ~Copyable {
    let one = SpinLock()
    let two = SpinLock()
  }

  @Test(arguments: [(false, "lock order: lock-order/softirq"), (true, "passed")])
  func `under a softirq's lock only locks are taken that no softirq comes upon`(
    _ pair: (masks: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("nester", cpu: 0) {
        locks.record.one.lockBH()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlockBH()
      }
      lab.thread("other", cpu: 1) {
        pair.masks ? locks.record.two.lockBH() : locks.record.two.lock()
        pair.masks ? locks.record.two.unlockBH() : locks.record.two.unlock()
      }
      lab.softirq("bottom half", cpu: 2) {
        locks.record.one.lock()
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  /// Deferred calls run in softirqs, as `call_rcu` has it.
  @Test(arguments: [(false, "lock order: lock-order/softirq"), (true, "passed")])
  func `a deferred call takes its locks in a softirq`(_ pair: (masks: Bool, verdict: String)) {
    let found = verdict { lab in
      let lock = lab.allocate(SpinLock())
      lab.thread("task", cpu: 0) {
        RCU.call {
          lock.record.lock()
          lock.record.unlock()
        }
        pair.masks ? lock.record.lockBH() : lock.record.lock()
        pair.masks ? lock.record.unlockBH() : lock.record.unlock()
      }
      lab.finally { lab.free(lock) }
    }
    #expect(found == pair.verdict)
  }

  // MARK: - Reports

  private static let raised: @Sendable (Lab) -> Void = { lab in
    let w = lab.allocate(Words())
    lab.thread("task", cpu: 0) {
      w.record.x.store(1, .relaxed)
      w.record.x.store(0, .relaxed)
    }
    lab.interrupt("irq", cpu: 0) {
      Softirq.raise("bottom half") {
        lab.expect(w.record.x.load(.relaxed) == 0, "the stores belong together")
      }
    }
    lab.finally { lab.free(w) }
  }

  @Test func `a report says who fired, and its name replays`() {
    let (interleavings, graphs) = reports(Self.raised)
    for report in [interleavings, graphs] {
      guard let failure = report.failure else {
        Issue.record("nothing was found")
        continue
      }
      let entries = failure.steps.filter { ["interrupt", "softirq"].contains($0.event) }
      #expect(entries.map(\.thread) == ["irq", "bottom half"])
      #expect(entries.map(\.event) == ["interrupt", "softirq"])
      #expect(failure.lanes == ["cpu 0: task, irq (interrupt), bottom half (softirq)"])
      guard case .failed(let again) = replay(failure.replay, of: "softirq", Self.raised) else {
        Issue.record("\(failure.replay) does not fail again")
        continue
      }
      #expect(again.failure?.rule == "expectation")
    }
  }
}
