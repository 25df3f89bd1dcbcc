import Explorer
import Kernel
import Machine
import Testing

/// The order of locks by class: what can deadlock is reported although no schedule of these
/// programs does.
@Suite struct LockOrderModelTests {
  struct Locks: ~Copyable {
    let one = SpinLock()
    let two = SpinLock()
    let three = SpinLock()
  }

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
    let interleavings = explore("lock order", options: options, scenario)
    options.memory = .weak
    return (interleavings, explore("lock order", options: options, scenario))
  }

  private func words(_ report: ExplorationReport) -> String {
    report.failure.map { "\($0.verdict.rawValue): \($0.rule)" } ?? report.verdict.rawValue
  }

  // MARK: - Cycles

  @Test(arguments: [(true, "lock order: lock-order/cycle"), (false, "passed")])
  func `one thread may not take two locks in both orders`(
    _ pair: (crosses: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("only", cpu: 0) {
        locks.record.one.lock()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlock()
        locks.record.two.lock()
        if pair.crosses { locks.record.one.lock() }
        if pair.crosses { locks.record.one.unlock() }
        locks.record.two.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "lock order: lock-order/cycle"), (false, "passed")])
  func `three locks that one thread takes in a ring break the order`(
    _ pair: (closes: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("only", cpu: 0) {
        locks.record.one.lock()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlock()
        locks.record.two.lock()
        locks.record.three.lock()
        locks.record.three.unlock()
        locks.record.two.unlock()
        pair.closes ? locks.record.three.lock() : locks.record.one.lock()
        pair.closes ? locks.record.one.lock() : locks.record.three.lock()
        pair.closes ? locks.record.one.unlock() : locks.record.three.unlock()
        pair.closes ? locks.record.three.unlock() : locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "passed"), (false, "lock order: lock-order/cycle")])
  func `whoever only tries a lock waits for nobody`(_ pair: (tries: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("only", cpu: 0) {
        locks.record.one.lock()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlock()
        locks.record.two.lock()
        if pair.tries { _ = locks.record.one.tryLock() } else { locks.record.one.lock() }
        locks.record.one.unlock()
        locks.record.two.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "lock order: lock-order/cycle"), (false, "passed")])
  func `a lock that was only tried is held like any other`(
    _ pair: (crosses: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("only", cpu: 0) {
        _ = locks.record.one.tryLock()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlock()
        if pair.crosses { locks.record.two.lock() }
        locks.record.one.lock()
        locks.record.one.unlock()
        if pair.crosses { locks.record.two.unlock() }
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "lock order: lock-order/cycle"), (false, "passed")])
  func `the order is one for all executions`(_ pair: (crosses: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("only", cpu: 0) {
        let swaps = Machine.choose(below: 2, "order") == 1 && pair.crosses
        swaps ? locks.record.two.lock() : locks.record.one.lock()
        swaps ? locks.record.one.lock() : locks.record.two.lock()
        locks.record.one.unlock()
        locks.record.two.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test func `a deadlock that a schedule reaches is a deadlock`() {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("first", cpu: 0) {
        locks.record.one.lock()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlock()
        locks.record.two.lock()
        locks.record.one.lock()
        locks.record.one.unlock()
        locks.record.two.unlock()
      }
      lab.thread("second", cpu: 1) {
        locks.record.one.lock()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == "deadlock: deadlock")
  }

  // MARK: - Classes

  @Test(arguments: [
    (0, "lock order: lock-order/recursive"), (1, "passed"), (2, "passed"),
    (3, "lock order: lock-order/recursive"),
  ])
  func `two locks of one class nest only under a subclass`(
    _ pair: (variant: Int, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      locks.record.one.setClass("node")
      locks.record.two.setClass(pair.variant == 2 ? "leaf" : "node")
      lab.thread("walker", cpu: 0) {
        locks.record.one.lock(subclass: pair.variant == 3 ? 1 : 0)
        locks.record.two.lock(subclass: pair.variant == 1 || pair.variant == 3 ? 1 : 0)
        locks.record.two.unlock()
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  struct Node: ~Copyable {
    let lock = SpinLock()
    let isSignaled = Cell<Bool>(false)
  }

  /// A container's callback runs under the lock of the part that was signaled, and takes the
  /// container's own.
  @Test(arguments: [(false, "lock order: lock-order/recursive"), (true, "passed")])
  func `a container of fences needs a lock class of its own`(
    _ pair: (hasOwnClass: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let (part, container) = (lab.allocate(Node()), lab.allocate(Node()))
      part.record.lock.setClass("fence")
      container.record.lock.setClass(pair.hasOwnClass ? "container" : "fence")
      let signalContainer: @Sendable () -> Void = {
        container.record.lock.lockIRQSave()
        container.record.isSignaled.value = true
        container.record.lock.unlockIRQRestore()
      }
      lab.thread("signaler", cpu: 0) {
        part.record.lock.lockIRQSave()
        part.record.isSignaled.value = true
        signalContainer()
        part.record.lock.unlockIRQRestore()
      }
      lab.thread("waiter", cpu: 1) {
        container.record.lock.withLockIRQSave { _ = container.record.isSignaled.value }
      }
      lab.finally {
        lab.free(part)
        lab.free(container)
      }
    }
    #expect(found == pair.verdict)
  }

  // MARK: - Interrupts

  @Test(arguments: [(false, "lock order: lock-order/irq"), (true, "passed")])
  func `a class that handlers take is taken with interrupts off`(
    _ pair: (masks: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      // The handler's CPU is another: no schedule deadlocks.
      lab.thread("task", cpu: 0) {
        pair.masks ? locks.record.one.lockIRQSave() : locks.record.one.lock()
        pair.masks ? locks.record.one.unlockIRQRestore() : locks.record.one.unlock()
      }
      lab.interrupt("handler", cpu: 1) {
        locks.record.one.lock()
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "lock order: lock-order/irq"), (false, "passed")])
  func `interrupts stay off as long as a handler's lock is held`(
    _ pair: (early: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("task", cpu: 0) {
        locks.record.one.lockIRQSave()
        if pair.early { Machine.restoreInterrupts() }
        locks.record.one.unlock()
        if !pair.early { Machine.restoreInterrupts() }
      }
      lab.interrupt("handler", cpu: 1) {
        locks.record.one.lock()
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "passed"), (false, "lock order: lock-order/irq")])
  func `a handler may try a lock that tasks hold with interrupts on`(
    _ pair: (tries: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("task", cpu: 0) {
        locks.record.one.lock()
        locks.record.one.unlock()
      }
      lab.interrupt("handler", cpu: 1) {
        if !pair.tries { locks.record.one.lock() }
        if !pair.tries || locks.record.one.tryLock() { locks.record.one.unlock() }
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "lock order: lock-order/irq"), (true, "passed")])
  func `under a handler's lock only locks are taken that no interrupt comes upon`(
    _ pair: (masks: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("nester", cpu: 0) {
        locks.record.one.lockIRQSave()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlockIRQRestore()
      }
      lab.thread("other", cpu: 1) {
        pair.masks ? locks.record.two.lockIRQSave() : locks.record.two.lock()
        pair.masks ? locks.record.two.unlockIRQRestore() : locks.record.two.unlock()
      }
      lab.interrupt("handler", cpu: 2) {
        locks.record.one.lock()
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  // MARK: - Reports

  private static let inverted: @Sendable (Lab) -> Void = { lab in
    let locks = lab.allocate(Locks())
    let turn = lab.allocate(Word<UInt64>(0))
    locks.record.one.setClass("queue")
    locks.record.two.setClass("fence")
    lab.thread("submitter", cpu: 0) {
      locks.record.one.lock()
      locks.record.two.lock()
      locks.record.two.unlock()
      locks.record.one.unlock()
      turn.record.store(1, .release)
    }
    lab.thread("signaler", cpu: 1) {
      lab.spin(until: turn.record.equals(1, .acquire))
      locks.record.two.lock()
      locks.record.one.lock()
      locks.record.one.unlock()
      locks.record.two.unlock()
    }
    lab.finally {
      lab.free(locks)
      lab.free(turn)
    }
  }

  @Test func `the report says who took what while holding what`() {
    let (interleavings, graphs) = reports(Self.inverted)
    let message =
      "submitter takes a lock of class fence while it holds a lock of class queue; "
      + "signaler takes a lock of class queue while it holds a lock of class fence."
    #expect(interleavings.failure?.message == message)
    #expect(graphs.failure?.message == message)
  }

  @Test func `a broken order replays`() {
    let (interleavings, graphs) = reports(Self.inverted)
    for report in [interleavings, graphs] {
      guard let failure = report.failure else {
        Issue.record("nothing was found")
        continue
      }
      guard case .failed(let again) = replay(failure.replay, of: "lock order", Self.inverted)
      else {
        Issue.record("\(failure.replay) does not fail again")
        continue
      }
      #expect(again.failure?.rule == "lock-order/cycle")
      #expect(!failure.steps.isEmpty)
    }
  }

  /// The two halves of the broken order lie in parts of the search that several processes explore.
  @Test(arguments: [(true, "lock-order/cycle"), (false, "")])
  func `several processes add up what they saw`(_ pair: (crosses: Bool, rule: String)) {
    var found: [String] = []
    for jobs in [1, 3] {
      var options = ExplorationOptions()
      options.jobs = jobs
      let report = explore("lock order", options: options) { lab in
        let locks = lab.allocate(Locks())
        let word = lab.allocate(Word<UInt64>(0))
        for cpu in 0..<3 {
          lab.thread("P\(cpu)", cpu: cpu) {
            for _ in 0..<3 { _ = word.record.fetchAdd(1 << (UInt64(cpu) * 8), .relaxed) }
            guard cpu == 0 else { return }
            // Only an execution in which everybody else came last turns the order round.
            let swaps = word.record.load(.relaxed) == 3 && pair.crosses
            swaps ? locks.record.two.lock() : locks.record.one.lock()
            swaps ? locks.record.one.lock() : locks.record.two.lock()
            locks.record.one.unlock()
            locks.record.two.unlock()
          }
        }
        lab.finally {
          lab.free(locks)
          lab.free(word)
        }
      }
      #expect((report.failure?.rule ?? "") == pair.rule)
      found.append("\(report.executions) \(report.failure?.replay ?? "")")
    }
    #expect(found[0] == found[1])
  }
}
