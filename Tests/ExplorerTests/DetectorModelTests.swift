import Explorer
import Kernel
import Machine
import Testing

/// Every detector has a program that trips it and a near twin that must stay silent.
@Suite struct DetectorModelTests {
  /// What both engines say; both answers where they differ.
  private func verdict(_ scenario: @escaping @Sendable (Lab) -> Void) -> String {
    var options = ExplorationOptions()
    let interleavings = words(explore("detector", options: options, scenario))
    options.memory = .weak
    let graphs = words(explore("detector", options: options, scenario))
    return interleavings == graphs ? graphs : "\(interleavings), in weak memory \(graphs)"
  }

  private func words(_ report: ExplorationReport) -> String {
    report.failure.map { "\($0.verdict.rawValue): \($0.rule)" } ?? report.verdict.rawValue
  }

  // MARK: - Memory

  @Test(arguments: [(StoreOrdering.relaxed, "data race: data-race"), (.release, "passed")])
  func `a plain field needs a release`(_ pair: (ordering: StoreOrdering, verdict: String)) {
    let found = verdict { lab in
      let shared = lab.allocate(Plain())
      lab.thread("writer", cpu: 0) {
        shared.record.data.value = 1
        shared.record.flag.store(1, pair.ordering)
      }
      lab.thread("reader", cpu: 1) {
        if shared.record.flag.load(.acquire) == 1 { _ = shared.record.data.value }
      }
      lab.finally { lab.free(shared) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "use after free: use-after-free"), (true, "passed")])
  func `a record is freed by whoever comes last`(_ pair: (waits: Bool, verdict: String)) {
    let found = verdict { lab in
      let shared = lab.allocate(Plain())
      let turn = lab.allocate(Word<UInt64>(0))
      lab.thread("user", cpu: 0) {
        shared.record.flag.store(1, .relaxed)
        turn.record.store(1, .release)
      }
      lab.thread("owner", cpu: 1) {
        if pair.waits { lab.spin(until: turn.record.equals(1, .acquire)) }
        lab.free(shared)
      }
      lab.finally { lab.free(turn) }
    }
    #expect(found == pair.verdict)
  }

  private enum Section: CaseIterable { case around, before, none }

  @Test(arguments: [ExplorationOptions.Memory.sequential, .weak], Section.allCases)
  private func `a pointer is good for as long as its read section`(
    _ memory: ExplorationOptions.Memory, _ section: Section
  ) {
    var options = ExplorationOptions()
    options.memory = memory
    let report = explore("section", options: options) { lab in
      let shared = lab.allocate(Plain())
      let slot = lab.allocate(Word<Object<Plain>?>(shared))
      lab.thread("reader", cpu: 0) {
        if section != .none { RCU.readLock() }
        let found = RCU.dereference(slot.record)
        if section == .before { RCU.readUnlock() }
        if let found { _ = found.record.flag.load(.relaxed) }
        if section == .around { RCU.readUnlock() }
      }
      lab.thread("writer", cpu: 1) {
        slot.record.store(nil, .relaxed)
        RCU.free(shared)
      }
      lab.finally { lab.free(slot) }
    }
    let message = report.failure?.message ?? ""
    #expect(report.verdict == (section == .around ? .passed : .useAfterFree), "\(report)")
    #expect(message.contains("has left the read section") == (section == .before), "\(message)")
  }

  @Test(arguments: [
    (LoadOrdering.relaxed, "use after free: use-after-free/unordered"), (.acquire, "passed"),
  ])
  func `a free must be ordered after the last use`(
    _ pair: (ordering: LoadOrdering, verdict: String)
  ) {
    let found = verdict { lab in
      let shared = lab.allocate(Plain())
      let turn = lab.allocate(Word<UInt64>(0))
      lab.thread("user", cpu: 0) {
        shared.record.data.value = 1
        turn.record.store(1, .release)
      }
      lab.thread("owner", cpu: 1) {
        lab.spin(until: turn.record.equals(1, pair.ordering))
        lab.free(shared)
      }
      lab.finally { lab.free(turn) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(2, "double free: double-free"), (1, "passed"), (0, "leak: leak")])
  func `a record is freed once`(_ pair: (frees: Int, verdict: String)) {
    let found = verdict { lab in
      let shared = lab.allocate(Plain())
      lab.thread("owner", cpu: 0) { for _ in 0..<pair.frees { lab.free(shared) } }
    }
    #expect(found == pair.verdict)
  }

  // MARK: - Locks

  struct Locks: ~Copyable {
    let one = SpinLock()
    let two = SpinLock()
    let data = Cell<UInt64>(0)
  }

  @Test(arguments: [(true, "deadlock: deadlock"), (false, "passed")])
  func `two locks are taken in one order`(_ pair: (crosses: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("first", cpu: 0) {
        locks.record.one.lock()
        locks.record.two.lock()
        locks.record.two.unlock()
        locks.record.one.unlock()
      }
      lab.thread("second", cpu: 1) {
        pair.crosses ? locks.record.two.lock() : locks.record.one.lock()
        pair.crosses ? locks.record.one.lock() : locks.record.two.lock()
        pair.crosses ? locks.record.one.unlock() : locks.record.two.unlock()
        pair.crosses ? locks.record.two.unlock() : locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "deadlock: deadlock/interrupt"), (true, "passed")])
  func `a lock that a handler takes is taken with interrupts off`(
    _ pair: (masks: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("task", cpu: 0) {
        pair.masks ? locks.record.one.lockIRQSave() : locks.record.one.lock()
        locks.record.data.value += 1
        pair.masks ? locks.record.one.unlockIRQRestore() : locks.record.one.unlock()
      }
      lab.interrupt("handler", cpu: 0) {
        locks.record.one.lock()
        locks.record.data.value += 1
        locks.record.one.unlock()
      }
      lab.finally {
        lab.expect(locks.record.data.value == 2, "both counted")
        lab.free(locks)
      }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "deadlock: deadlock/self"), (false, "passed")])
  func `a lock is not taken twice`(_ pair: (twice: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("task", cpu: 0) {
        locks.record.one.lock()
        if pair.twice { locks.record.one.lock() } else { locks.record.two.lock() }
        if pair.twice { locks.record.one.unlock() } else { locks.record.two.unlock() }
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [
    (0, "lock misuse: lock-misuse/not-holder"), (1, "passed"),
    (2, "lock misuse: lock-misuse/not-holder"),
  ])
  func `a lock is released once, by its holder`(_ pair: (releases: Int, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("holder", cpu: 0) {
        if pair.releases > 0 { locks.record.one.lock() }
        for _ in 0..<max(1, pair.releases) { locks.record.one.unlock() }
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "lock misuse: lock-misuse/left-held"), (true, "passed")])
  func `a thread gives back what it holds`(_ pair: (unlocks: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("holder", cpu: 0) {
        locks.record.one.lock()
        if pair.unlocks { locks.record.one.unlock() }
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "use after free: use-after-free"), (false, "passed")])
  func `a lock is not freed while it is held`(_ pair: (early: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("holder", cpu: 0) {
        locks.record.one.lock()
        if pair.early { lab.free(locks) }
        locks.record.one.unlock()
        if !pair.early { lab.free(locks) }
      }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "endless wait: endless-wait/alone"), (false, "passed")])
  func `a lock that the setup holds is held`(_ pair: (locks: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      locks.record.one.lock()
      lab.expect(!locks.record.one.tryLock(), "a lock that is held was taken")
      if pair.locks { locks.record.one.lock() }
      locks.record.one.unlock()
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  private enum Level: CaseIterable { case softirqs, preemption, none }

  /// Preemption is off with softirqs off, too, so that no other task of the CPU comes between.
  @Test(arguments: Level.allCases)
  private func `a task with softirqs off keeps its CPU`(_ level: Level) {
    let report = explore("two tasks on one CPU") { lab in
      let w = lab.allocate(Words())
      for thread in 0..<2 {
        lab.thread("P\(thread)", cpu: 0) {
          if level == .softirqs { Machine.disableSoftirqs() }
          if level == .preemption { Machine.disablePreemption() }
          w.record.x.store(w.record.x.load(.relaxed) + 1, .relaxed)
          if level == .preemption { Machine.enablePreemption() }
          if level == .softirqs { Machine.enableSoftirqs() }
        }
      }
      lab.finally {
        lab.expect(w.record.x.load(.relaxed) == 2, "an update was lost")
        lab.free(w)
      }
    }
    #expect(report.verdict == (level == .none ? .expectationFailed : .passed))
  }

  // MARK: - Waiting

  @Test(arguments: [(false, "endless wait: endless-wait"), (true, "passed")])
  func `somebody must end a wait`(_ pair: (ends: Bool, verdict: String)) {
    let found = verdict { lab in
      let word = lab.allocate(Word<UInt64>(0))
      lab.thread("waiter", cpu: 0) { lab.spin(until: word.record.equals(1, .acquire)) }
      lab.thread("other", cpu: 1) { if pair.ends { word.record.store(1, .release) } }
      lab.finally { lab.free(word) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "livelock: livelock"), (true, "passed")])
  func `a polling loop needs somebody who writes`(_ pair: (ends: Bool, verdict: String)) {
    let found = verdict { lab in
      let word = lab.allocate(Word<UInt64>(0))
      lab.thread("waiter", cpu: 0) { while word.record.load(.acquire) == 0 {} }
      lab.thread("other", cpu: 1) { if pair.ends { word.record.store(1, .release) } }
      lab.finally { lab.free(word) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "livelock: livelock"), (true, "passed")])
  func `a loop may poll under a lock, with interrupts off, in a read section`(
    _ pair: (ends: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      lab.thread("waiter", cpu: 0) {
        var isOver = false
        while !isOver {
          locks.record.one.lockIRQSave()
          RCU.readLock()
          isOver = locks.record.data.value != 0
          RCU.readUnlock()
          locks.record.one.unlockIRQRestore()
        }
      }
      lab.thread("other", cpu: 1) {
        locks.record.one.lock()
        if pair.ends { locks.record.data.value = 1 }
        locks.record.one.unlock()
      }
      lab.finally { lab.free(locks) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "endless wait: endless-wait"), (true, "passed")])
  func `a wake-up that comes before the sleep is lost unless the word says so`(
    _ pair: (writes: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let word = lab.allocate(Word<UInt32>(0))
      lab.thread("sleeper", cpu: 0) { _ = Machine.park(on: word.record, while: 0) }
      lab.thread("waker", cpu: 1) {
        if pair.writes { word.record.store(1, .relaxed) }
        Machine.wake(word.record)
      }
      lab.finally { lab.free(word) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(true, "atomic sleep: atomic-sleep"), (false, "passed")])
  func `nobody sleeps with a spinlock held`(_ pair: (holds: Bool, verdict: String)) {
    let found = verdict { lab in
      let locks = lab.allocate(Locks())
      let word = lab.allocate(Word<UInt32>(0))
      lab.thread("sleeper", cpu: 0) {
        if pair.holds { locks.record.one.lock() }
        _ = Machine.park(on: word.record, while: 0, deadline: 2_000_000)
        if pair.holds { locks.record.one.unlock() }
      }
      lab.finally {
        lab.free(locks)
        lab.free(word)
      }
    }
    #expect(found == pair.verdict)
  }

  /// Each bounded poll is let run on a few times; that is over with its execution.
  @Test func `a bounded poll is no livelock, however many executions there are`() {
    let found = verdict { lab in
      let w = lab.allocate(Words())
      lab.thread("poller", cpu: 0) {
        for _ in 0..<10 where w.record.z.load(.relaxed) != 0 { break }
      }
      for thread in 1..<4 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<2 { _ = w.record.x.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally { lab.free(w) }
    }
    #expect(found == "passed")
  }

  // MARK: - RCU

  @Test(arguments: [(false, "use after free: use-after-free"), (true, "passed")])
  func `a grace period protects readers in their sections only`(
    _ pair: (reads: Bool, verdict: String)
  ) {
    let found = verdict { lab in
      let record = lab.allocate(Plain())
      let published = lab.allocate(Word<UInt64>(1))
      lab.thread("reader", cpu: 0) {
        if pair.reads { RCU.readLock() }
        if published.record.load(.acquire) == 1 { _ = record.record.data.value }
        if pair.reads { RCU.readUnlock() }
      }
      lab.thread("updater", cpu: 1) {
        published.record.store(0, .release)
        RCU.synchronize()
        lab.free(record)
      }
      lab.finally { lab.free(published) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(false, "use after free: use-after-free"), (true, "passed")])
  func `a held spinlock is a reader for deferred frees`(_ pair: (locks: Bool, verdict: String)) {
    let found = verdict { lab in
      let record = lab.allocate(Plain())
      let published = lab.allocate(Word<UInt64>(1))
      let locks = lab.allocate(Locks())
      lab.thread("reader", cpu: 0) {
        if pair.locks { locks.record.one.lock() }
        if published.record.load(.acquire) == 1 { _ = record.record.data.value }
        if pair.locks { locks.record.one.unlock() }
      }
      lab.thread("updater", cpu: 1) {
        published.record.store(0, .release)
        RCU.free(record)
      }
      lab.finally {
        lab.free(published)
        lab.free(locks)
      }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [
    (0, "rcu misuse: rcu-misuse/not-open"), (1, "passed"), (2, "rcu misuse: rcu-misuse/left-open"),
    (3, "rcu misuse: rcu-misuse/wait-in-section"),
  ])
  func `read sections are balanced and never wait for themselves`(
    _ pair: (variant: Int, verdict: String)
  ) {
    let found = verdict { lab in
      lab.thread("reader", cpu: 0) {
        if pair.variant > 0 { RCU.readLock() }
        if pair.variant == 3 { RCU.synchronize() }
        if pair.variant != 2 { RCU.readUnlock() }
      }
    }
    #expect(found == pair.verdict)
  }

  // MARK: - Promises and claims

  @Test(arguments: [
    (0, "callback lost: callback-lost"), (1, "passed"), (2, "callback doubled: callback-doubled"),
  ])
  func `a callback runs once`(_ pair: (runs: Int, verdict: String)) {
    let found = verdict { lab in
      let callback = lab.allocate(Plain())
      lab.thread("signaler", cpu: 0) {
        Machine.note(.opened, .callback, key: callback.machineAddress)
        for _ in 0..<pair.runs { Machine.note(.met, .callback, key: callback.machineAddress) }
      }
      lab.finally { lab.free(callback) }
    }
    #expect(found == pair.verdict)
  }

  @Test(arguments: [(UInt64(2), "passed"), (UInt64(1), "expectation failed: expectation")])
  func `a claim is checked in every execution`(_ pair: (limit: UInt64, verdict: String)) {
    let found = verdict { lab in
      let word = lab.allocate(Word<UInt64>(0))
      lab.thread("one", cpu: 0) { word.record.store(word.record.load(.relaxed) + 1, .relaxed) }
      lab.thread("two", cpu: 1) { word.record.store(word.record.load(.relaxed) + 1, .relaxed) }
      lab.finally {
        lab.expect(word.record.load(.relaxed) <= pair.limit, "no increment beyond \(pair.limit)")
        lab.free(word)
      }
    }
    #expect(found == pair.verdict)
  }
}
