import Foundation
import Machine
import Testing

@Suite struct CoroutineTests {
  /// What happened, in order.
  private final class Log {
    private(set) var entries: [String] = []
    func note(_ entry: String) { entries.append(entry) }
  }

  @Test func `control goes where it is sent, and on from where it left`() {
    let log = Log()
    let here = Coroutine()
    let there = Coroutine(stackBytes: 1 << 16)
    there.begin(
      {
        log.note("there 1")
        there.switchTo(here)
        log.note("there 2")
      }, thenSwitchTo: { here })
    log.note("here 1")
    here.switchTo(there)
    log.note("here 2")
    here.switchTo(there)
    log.note("here 3")
    #expect(log.entries == ["here 1", "there 1", "here 2", "there 2", "here 3"])
  }

  @Test func `coroutines switch to each other without going through the thread`() {
    let log = Log()
    let here = Coroutine()
    let one = Coroutine(stackBytes: 1 << 16)
    let two = Coroutine(stackBytes: 1 << 16)
    one.begin(
      {
        for turn in 0..<3 {
          log.note("one \(turn)")
          one.switchTo(two)
        }
      }, thenSwitchTo: { here })
    two.begin(
      {
        for turn in 0..<3 {
          log.note("two \(turn)")
          two.switchTo(one)
        }
      }, thenSwitchTo: { here })
    here.switchTo(one)
    #expect(log.entries == ["one 0", "two 0", "one 1", "two 1", "one 2", "two 2"])
    two.abandon()
  }

  @Test func `a coroutine whose body has ended runs the next one`() {
    let log = Log()
    let here = Coroutine()
    let worker = Coroutine(stackBytes: 1 << 16)
    for turn in 0..<3 {
      worker.begin({ log.note("turn \(turn)") }, thenSwitchTo: { here })
      here.switchTo(worker)
    }
    #expect(log.entries == ["turn 0", "turn 1", "turn 2"])
  }

  @Test func `an abandoned body never goes on, and its stack serves the next`() {
    let log = Log()
    let here = Coroutine()
    let worker = Coroutine(stackBytes: 1 << 16)
    for turn in 0..<100 {
      worker.begin(
        {
          log.note("begun \(turn)")
          worker.switchTo(here)
          log.note("never")
        }, thenSwitchTo: { here })
      here.switchTo(worker)
      worker.abandon()
    }
    #expect(log.entries == (0..<100).map { "begun \($0)" })
  }

  @Test func `locals survive a switch`() {
    let here = Coroutine()
    let worker = Coroutine(stackBytes: 1 << 16)
    let sum = Cell<Int>(0)
    withExtendedLifetime(worker) {
      let place = Machine.permanent(Cell<Int>(0))
      worker.begin(
        {
          var total = 0
          for value in 1...4 {
            total += value
            worker.switchTo(here)
          }
          place.record.value = total
        }, thenSwitchTo: { here })
      for value in 1...5 {
        var mine = value
        mine += 1
        here.switchTo(worker)
        #expect(mine == value + 1)
      }
      sum.value = place.record.value
    }
    #expect(sum.value == 10)
  }

  @Test func `a coroutine that needs more stack than it has ends the process`() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let here = Coroutine()
      let worker = Coroutine(stackBytes: 1 << 14)
      worker.begin({ _ = Deep.descend(1 << 20) }, thenSwitchTo: { here })
      here.switchTo(worker)
    }
  }
}

/// Uses stack for as long as it is told to.
private enum Deep {
  @inline(never)
  static func descend(_ depth: Int) -> Int {
    depth == 0 ? 0 : descend(depth - 1) ^ descend(depth / 2 - 1 < 0 ? 0 : depth - 1)
  }
}
