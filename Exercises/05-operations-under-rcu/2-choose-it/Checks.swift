// explorations: 4

import Exercise
import ExerciseKit

/// One fence, of which names are asked before, while and after it is signaled; then the cost.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      twoLooksAreOne, nilStopsReaders, lockIsCheap, orderForNothing, bringsLines, wrongName)
    var options = ExplorationOptions()
    options.memory = .weak

    grader.ExerciseKit::explore("nobody signals, and the name is the driver's") { lab in
      let world = World(lab, name: 9)
      lab.Explorer::thread("reader", cpu: 1) {
        lab.Explorer::expect(
          Exercise::name(of: world.fence) == 9, "The fence is not signaled: its driver is 9.")
      }
      lab.Explorer::finally { world.close(lab) }
    }
    grader.ExerciseKit::explore("the fence is signaled meanwhile", options: options) { lab in
      let world = World(lab)
      lab.Explorer::thread("signaler", cpu: 0) { world.signal() }
      lab.Explorer::thread("reader", cpu: 1) {
        let name = Exercise::name(of: world.fence)
        lab.Explorer::expect(name == nil || name == 7, "The driver is 7, or there is none.")
      }
      lab.Explorer::finally {
        lab.Explorer::expect(
          Exercise::name(of: world.fence) == nil, "The fence is signaled, and has a driver.")
        world.close(lab)
      }
    }
    grader.ExerciseKit::explore("the driver unloads meanwhile", options: options) { lab in
      let world = World(lab)
      lab.Explorer::thread("driver", cpu: 0) {
        world.signal()
        RCU.synchronize()
        Machine.free(world.table)
      }
      lab.Explorer::thread("reader", cpu: 1) { _ = Exercise::name(of: world.fence) }
      lab.Explorer::finally { lab.Explorer::free(world.fence) }
    }
    // Each of three CPUs brings the fence's line and the table's line once.
    grader.ExerciseKit::measure(
      "three CPUs that ask in turn, three times each, only read",
      atMost: Cost(updates: 0, barriers: 0, transfers: 6)
    ) { lab in
      let world = World(lab)
      for turn in 0..<9 {
        lab.Explorer::thread("look \(turn)", cpu: 1 + turn % 3) {
          _ = Exercise::name(of: world.fence)
        }
      }
      lab.Explorer::finally { world.close(lab) }
    }
  }

  // MARK: - Beliefs

  static let twoLooksAreOne = Misconception(
    "two-looks-are-one", shownBy: .expectationFailed, rule: "warning",
    "Flag and pointer were looked at in two steps, and between two steps anything can happen: decide "
      + "by the one word that you then use (lesson 05, one look or two).")
  static let nilStopsReaders = Misconception(
    "nil-stops-readers", shownBy: .useAfterFree,
    "The pointer was there, and the table went while somebody was inside: only a read section makes "
      + "the driver's grace period wait for you (lesson 05, the failing schedule).")
  static let lockIsCheap = Misconception(
    "an-uncontended-lock-is-free", shownBy: .tooCostly, rule: "too-costly/updates",
    "Nobody waits for the lock, and taking it is a write all the same: the line leaves all other "
      + "caches (lesson 05, one look or two).")
  static let orderForNothing = Misconception(
    "two-looks-are-one", shownBy: .tooCostly, rule: "too-costly/barriers",
    "A barrier makes two looks come in order; who looks once needs none (lesson 05, one look or "
      + "two).")
  static let bringsLines = Misconception(
    "an-uncontended-lock-is-free", shownBy: .tooCostly, rule: "too-costly/transfers",
    "A look that writes takes the line away from everybody who looks next (lesson 05, one look or "
      + "two).")
  static let wrongName = Misconception(
    "two-looks-are-one", shownBy: .expectationFailed, rule: "expectation",
    "The name is the driver's exactly as long as the pointer leads to its table (lesson 05, one look "
      + "or two).")
}

/// A fence and its driver's table, each on a line of its own.
struct World: Sendable {
  let table: Object<Exercise::Table>
  let fence: Object<Exercise::NamedFence>

  init(_ lab: Explorer::Lab, name: UInt64 = 7) {
    table = Machine.allocate(alignment: 64, Exercise::Table())
    table.record.name.value = name
    fence = Machine.allocate(alignment: 64, Exercise::NamedFence(table))
  }

  /// As the kernel signals: the flag first, then the pointer, under the lock.
  func signal() {
    fence.record.lock.lock()
    // full: as the kernel's test_and_set_bit is.
    _ = fence.record.isSignaled.exchange(1, .full, edge: "named.signaled")
    // relaxed: nil leads nowhere.
    fence.record.table.store(nil, .relaxed)
    fence.record.lock.unlock()
  }

  func close(_ lab: Explorer::Lab) {
    lab.Explorer::free(table)
    lab.Explorer::free(fence)
  }
}
