// explorations: 5

import Exercise
import ExerciseKit

/// One module that is unloaded: alone, before two readers, while somebody else signals, and while
/// the others let go.
@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      nilStopsReaders, waitingIsEnough, nothingEnds, endsTwice, waitsForItself, fencesEndEarly)

    grader.ExerciseKit::explore("somebody looks at both fences afterwards") { lab in
      let world = World(lab)
      lab.Explorer::thread("driver", cpu: 0) {
        Exercise::unload(world.driver)
        for fence in world.driver.fences {
          lab.Explorer::expect(
            fence.testSignaledFlag(), "The module is gone, and a fence is not signaled.")
          _ = fence.timelineName
        }
        world.putAll()
      }
    }
    grader.ExerciseKit::explore("a reader asks for the older fence's driver meanwhile") { lab in
      let world = World(lab)
      lab.Explorer::thread("driver", cpu: 0) { Exercise::unload(world.driver) }
      lab.Explorer::thread("reader", cpu: 1) { _ = world.driver.fences[0].driverName }
      lab.Explorer::finally { world.putAll() }
    }
    grader.ExerciseKit::explore("a reader asks for the newer fence's timeline meanwhile") { lab in
      let world = World(lab)
      lab.Explorer::thread("driver", cpu: 0) { Exercise::unload(world.driver) }
      lab.Explorer::thread("reader", cpu: 1) { _ = world.driver.fences[1].timelineName }
      lab.Explorer::finally { world.putAll() }
    }
    grader.ExerciseKit::explore("the device's interrupt signals the older fence meanwhile") { lab in
      let world = World(lab)
      lab.Explorer::thread("driver", cpu: 0) { Exercise::unload(world.driver) }
      lab.Explorer::interrupt("device", cpu: 0) { world.driver.fences[0].signal() }
      lab.Explorer::finally { world.putAll() }
    }
    grader.ExerciseKit::explore("the others give their references back meanwhile") { lab in
      let world = World(lab)
      lab.Explorer::thread("driver", cpu: 0) { Exercise::unload(world.driver) }
      lab.Explorer::thread("others", cpu: 1) { world.putAll() }
    }
  }

  // MARK: - Beliefs

  static let nilStopsReaders = Misconception(
    "nil-stops-readers", shownBy: .useAfterFree,
    "A signal keeps new readers out of the table and does not drive out those that are inside: what "
      + "they use may go one grace period after the last signal (lesson 05, the failing schedule).")
  static let waitingIsEnough = Misconception(
    "waiting-is-enough", shownBy: .expectationFailed,
    "A grace period waits for readers that are there; only the signal keeps the next ones out, and "
      + "the promise of each fence is still owed (lesson 05, who owns what).")
  static let nothingEnds = Misconception(
    "signal-gives-back", shownBy: .leak,
    "Signaling gives no reference back and frees no table: the driver does both (lesson 05, who owns "
      + "what).")
  static let endsTwice = Misconception(
    "signal-gives-back", shownBy: .doubleFree,
    "Table, ring and reference are given back once each (lesson 05, who owns what).")
  static let waitsForItself = Misconception(
    "waiting-is-enough", shownBy: .rcuMisuse,
    "A grace period waits for every read section, also for that of whoever waits (lesson 05, who "
      + "owns what).")
  static let fencesEndEarly = Misconception(
    "nil-stops-readers", shownBy: .dataRace,
    "Something ends while somebody still uses it: a reference is given back behind its last use, "
      + "and a signal is a use (lesson 05, the failing schedule).")
}

/// A loaded module, and a reference to each fence for the others.
struct World: Sendable {
  let driver: Exercise::Driver

  init(_ lab: Explorer::Lab) {
    let ring = lab.Explorer::allocate(Exercise::Ring())
    let table = lab.Explorer::allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring \(ring.record.number.value)" }))
    let fences = (1...2).map {
      Fence.make(operations: table, context: 1, seqno: UInt64($0)).get()
    }
    driver = Exercise::Driver(table: table, ring: ring, fences: fences)
  }

  func putAll() {
    for fence in driver.fences { fence.put() }
  }
}
