import CacheModel
import Explorer
import Kernel
import Machine
import Simulator
import Testing

private struct Box: ~Copyable {
  let flag = Word<UInt64>(0)
  let lock = SpinLock()
}

private let fields = [(name: "flag", offset: 0), (name: "lock", offset: 8)]

private func model(cpuCount: Int = 2) -> CacheModel {
  let model = CacheModel(CacheMachine(cpuCount: cpuCount))
  model.name(fields, of: "Box")
  return model
}

@Test func `a simulated run feeds the model and is not changed by it`() {
  let scenario: @Sendable (Simulation) -> Void = { run in
    let box = Machine.allocate(alignment: 64, Box())
    box.record.flag.store(3, .relaxed)
    for cpu in 0..<2 {
      run.thread("reader \(cpu)", cpu: cpu) {
        for _ in 0..<5 { _ = box.record.flag.load(.relaxed) }
      }
    }
    run.finally { Machine.free(box) }
  }
  let model = model()
  let watched = Simulation.run("watched", observers: [model], scenario)
  let alone = Simulation.run("watched", scenario)
  #expect(watched == alone)
  #expect(watched.isClean)
  let flag = model.report.counts(of: "flag", in: "Box 0")
  #expect(flag.reads == 10 && flag.writes == 0, "the setup's store is not counted")
  #expect(flag.fills == 1 && flag.transfers == 1 && flag.hits == 8)
}

@Test func `a contended lock moves its line and an uncontended one does not`() {
  func locks(by cpus: [Int]) -> CacheCounts {
    let model = model()
    _ = Simulation.run("locks", observers: [model]) { run in
      let box = Machine.allocate(alignment: 64, Box())
      for (number, cpu) in cpus.enumerated() {
        // Far enough apart that nobody waits.
        run.thread("taker \(number)", cpu: cpu, at: UInt64(number) * 10_000) {
          for _ in 0..<4 {
            box.record.lock.lock()
            box.record.lock.unlock()
            Machine.delay(nanoseconds: 20_000)
          }
        }
      }
      run.finally { Machine.free(box) }
    }
    return model.report.counts(of: "lock", in: "Box 0")
  }
  let alone = locks(by: [0])
  #expect(alone.writes == 8 && alone.transfers == 0 && alone.readsForOwnership == 1)
  let shared = locks(by: [0, 1])
  #expect(shared.writes == 16 && shared.transfers == 7 && shared.readsForOwnership == 8)
}

@Test func `a spinner reads when it begins to wait and when the wait is over`() {
  let model = model()
  _ = Simulation.run("spin", observers: [model]) { run in
    let box = Machine.allocate(alignment: 64, Box())
    run.thread("waiter", cpu: 0) { Machine.spin(until: box.record.flag.equals(1, .relaxed)) }
    run.thread("setter", cpu: 1, at: 500) { box.record.flag.store(1, .relaxed) }
    run.finally { Machine.free(box) }
  }
  let flag = model.report.counts(of: "flag", in: "Box 0")
  #expect(flag.reads == 2 && flag.writes == 1)
  #expect(flag.transfers == 2 && flag.invalidations == 1)
}

@Test func `who waits for a lock tries, looks and tries again`() {
  let model = model()
  _ = Simulation.run("lock", observers: [model]) { run in
    let box = Machine.allocate(alignment: 64, Box())
    run.thread("holder", cpu: 0) {
      box.record.lock.lock()
      Machine.delay(nanoseconds: 0)
      for _ in 0..<100 { _ = Machine.clock() }
      box.record.lock.unlock()
    }
    run.thread("waiter", cpu: 1, at: 100) { box.record.lock.withLockIRQSave {} }
    run.finally { Machine.free(box) }
  }
  let lock = model.report.counts(of: "lock", in: "Box 0")
  #expect(lock.writes == 5, "two takes, two releases and the attempt that failed")
  #expect(lock.reads == 2)
}

// MARK: - Explored schedules

private let race: @Sendable (Lab) -> Void = { lab in
  let box = lab.allocate(Box())
  lab.thread("one", cpu: 0) { box.record.flag.store(1, .relaxed) }
  lab.thread("two", cpu: 1) {
    lab.expect(box.record.flag.load(.relaxed) == 0, "nobody was faster")
    box.record.flag.store(2, .relaxed)
  }
  lab.finally { lab.free(box) }
}

@Test func `a failing schedule feeds the model when it is replayed`() throws {
  let failure = try #require(explore("race", race).failure)
  let model = model()
  let outcome = observe("race", along: failure.replay, with: [model], race)
  guard case .failed(let report) = outcome else {
    Issue.record("the schedule must fail again")
    return
  }
  #expect(report.failure?.rule == failure.rule)
  let flag = model.report.counts(of: "flag", in: "Box 0")
  #expect(flag.writes == 1 && flag.reads == 1 && flag.transfers == 1)
}

@Test func `threads in their order feed the model too`() {
  let model = model()
  let calm: @Sendable (Lab) -> Void = { lab in
    let box = lab.allocate(Box())
    for cpu in 0..<2 {
      lab.thread("thread \(cpu)", cpu: cpu) {
        box.record.lock.lock()
        box.record.flag.store(UInt64(cpu), .relaxed)
        box.record.lock.unlock()
      }
    }
    lab.finally { lab.free(box) }
  }
  guard case .passed = observe("calm", with: [model], calm) else {
    Issue.record("nothing is wrong with it")
    return
  }
  let report = model.report
  #expect(report.counts(of: "lock", in: "Box 0").transfers == 1)
  #expect(report.counts(of: "flag", in: "Box 0").transfers == 0, "it came with the lock")
}

@Test func `a search tells observers nothing`() {
  let model = model()
  _ = observe("race", along: "no name", with: [model], race)
  #expect(model.report.total.accesses == 0)
}
