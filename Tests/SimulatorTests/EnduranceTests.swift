import Machine
import Simulator
import Testing
import Timeline

/// A few thousand runs, as a campaign does: what one run used is there for the next.
private let runCount = 2_000

/// How many stacks are left of so many runs.
private func stacksLeft(_ scenario: @escaping @Sendable (Simulation) -> Void) -> Int {
  let before = Coroutine.stackCount
  for _ in 0..<runCount { _ = Simulation.run("One of many", scenario) }
  return Coroutine.stackCount - before
}

@Test func `a run gives the stacks of its threads back`() {
  let left = stacksLeft { lab in
    lab.thread("one", cpu: 0) { Machine.delay(nanoseconds: 100) }
    lab.thread("two", cpu: 1) { Machine.delay(nanoseconds: 100) }
    lab.interrupt("irq", cpu: 0, at: 50) {}
  }
  #expect(left == 0)
}

@Test func `a run that ends in a deadlock gives its stacks back, too`() {
  let left = stacksLeft { lab in
    let word = Machine.permanent(Word<UInt32>(0))
    lab.thread("sleeper", cpu: 0) { _ = Machine.park(on: word.record, while: 0) }
    lab.thread("spinner", cpu: 1) { Machine.spin(until: word.record.differs(from: 0, .acquire)) }
  }
  #expect(left == 0)
}

private struct Record: ~Copyable {
  let value = Word<UInt32>(0)
  let mourned: Mourned

  init(_ count: Count) { mourned = Mourned(count) }
}

// Safety: all threads of a simulated run are coroutines of one OS thread.
private final class Count: @unchecked Sendable {
  var value = 0
}

/// Says when it has gone.
private final class Mourned: Sendable {
  let gone: Count

  init(_ gone: Count) { self.gone = gone }

  deinit { gone.value += 1 }
}

@Test func `what a record refers to goes with the run, freed or not`() {
  let gone = Count()
  for _ in 0..<10 {
    _ = Simulation.run("Records") { lab in
      lab.thread("task", cpu: 0) {
        Machine.free(Machine.allocate(Record(gone)))
        _ = Machine.allocate(Record(gone))
      }
    }
  }
  #expect(gone.value == 20)
}

@Test func `a long run keeps back only so many ended objects`() {
  let gone = Count()
  let report = Simulation.run("Many objects", isDrawing: false) { lab in
    lab.thread("task", cpu: 0) {
      for _ in 0..<200_000 { Machine.free(Machine.allocate(Record(gone))) }
      Machine.expect(gone.value > 100_000, "\(gone.value) have gone while the run goes on")
      let last = Machine.allocate(Record(gone))
      Machine.free(last)
      _ = last.record.value.load(.relaxed)
    }
  }
  #expect(report.failures.map(\.message) == ["uses an object after its end"])
}

@Test func `a run that is not drawn goes the same way`() {
  let runs = [true, false].map { isDrawing in
    Simulation.run("Drawn or not", isDrawing: isDrawing) { lab in
      lab.thread("task", cpu: 0) {
        for _ in 0..<100 { Machine.delay(nanoseconds: 10) }
        Machine.expect(false, "it is \(Machine.clock()) ns")
      }
    }
  }
  #expect(runs[0].failures == runs[1].failures)
  #expect(runs[0].timeline.events.count > 100)
  #expect(runs[1].timeline.events.count == 1)
}

@Test func `of many alarms the earliest rings, and none that was called off`() {
  let report = Simulation.run("Alarms", processors: (0..<8).map { .cpu("cpu \($0)") }) { lab in
    let word = Machine.permanent(Word<UInt32>(0))
    let rung = Machine.permanent(Word<UInt64>(0))
    for sleeper in 0..<64 {
      lab.thread("sleeper \(sleeper)", cpu: sleeper % 7) {
        let deadline = UInt64(1_000_000 + sleeper * 37 % 64 * 10_000)
        let wasWoken = Machine.park(on: word.record, while: 0, deadline: deadline)
        let now = Machine.clock()
        if wasWoken { return Machine.expect(now < 1_000_000, "woken before the first alarm") }
        // relaxed: one OS thread runs everybody.
        Machine.expect(rung.record.load(.relaxed) <= deadline, "a later alarm rang before")
        rung.record.store(deadline, .relaxed)
        Machine.expect(now >= deadline && now < deadline + 9_000, "rang at \(now)")
      }
    }
    lab.thread("waker", cpu: 7, at: 500_000) { Machine.wake(word.record, count: 20) }
  }
  #expect(report.isClean, "\(report.failures) \(report.stuck)")
}
