import Explorer
import Fences
import Kernel
import Machine

extension FencePromiseScenarios {
  /// How a driver learns that a job has ended, and whom it tells.
  enum Design: CaseIterable {
    /// Only the interrupt handler signals.
    case neverLooks
    /// Who asks a fence makes the driver look at the ring: upstream's default.
    case looks
    /// The same, and all fences of the ring share one lock.
    case looksUnderOneLock
    /// Who asks a fence makes the driver signal the older fences first.
    case looksOldestFirst
    /// One context for two engines, which end their jobs as they like.
    case hasTwoEngines

    /// What the tables of the page call it.
    var name: String {
      switch self {
      case .neverLooks: "never looks: only the handler signals"
      case .looks: "looks when asked"
      case .looksUnderOneLock: "looks when asked, one lock for all fences"
      case .looksOldestFirst: "looks when asked, signals older fences first"
      case .hasTwoEngines: "looks when asked, two engines in one context"
      }
    }

    func run(_ lab: Lab, _ claim: Claim) {
      switch self {
      case .neverLooks: scenario(lab, World(lab, silent), claim)
      case .looks: scenario(lab, World(lab, operations), claim)
      case .looksUnderOneLock: oneLock(lab, claim)
      case .looksOldestFirst: oldestFirst(lab, claim)
      case .hasTwoEngines: twoEngines(lab, claim)
      }
    }
  }

  /// One device, and the table of its driver.
  struct World: Sendable {
    let ring: Object<Ring>
    let table: Object<FenceOperations>

    init(_ lab: Lab, _ operations: (Object<Ring>) -> FenceOperations) {
      ring = lab.allocate(Ring())
      table = lab.allocate(operations(ring))
    }

    func free(_ fences: [Fence]) {
      for fence in fences { fence.put() }
      Machine.free(table)
      Machine.free(ring)
    }
  }

  /// A driver that cannot be asked.
  private static func silent(_ ring: Object<Ring>) -> FenceOperations {
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" })
  }

  // MARK: - The other designs

  private static func oneLock(_ lab: Lab, _ claim: Claim) {
    let world = World(lab, operations)
    let lock = lab.allocate(SpinLock())
    let fences = [1, 2].map {
      Fence.make(operations: world.table, lock: lock, context: 7, seqno: $0)
    }
    lab.thread("device, then handler", cpu: 0) {
      for fence in fences { world.ring.record.end(fence.seqno) }
      lock.record.lockIRQSave()
      for fence in fences { fence.signalLocked() }
      lock.record.unlockIRQRestore()
    }
    ask(lab, fences, world, claim)
    lab.finally {
      world.free(fences)
      lab.free(lock)
    }
  }

  private static func oldestFirst(_ lab: Lab, _ claim: Claim) {
    let oldest = lab.allocate(Word<Fence?>(nil))
    let world = World(lab) { ring in
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
        isSignaled: { fence in
          guard ring.record.hasEnded(fence.seqno) else { return false }
          // relaxed: written before any thread began.
          if let older = oldest.record.load(.relaxed), older != fence { older.signal() }
          return true
        })
    }
    let fences = [1, 2].map { Fence.make(operations: world.table, context: 7, seqno: $0) }
    // relaxed: no thread has begun.
    oldest.record.store(fences[0], .relaxed)
    lab.thread("device, then handler", cpu: 0) {
      for fence in fences { world.ring.record.end(fence.seqno) }
      for fence in fences { fence.signal() }
    }
    ask(lab, fences, world, claim)
    lab.finally {
      world.free(fences)
      lab.free(oldest)
    }
  }

  /// The second engine ends its job while the first one is at work.
  private static func twoEngines(_ lab: Lab, _ claim: Claim) {
    let world = World(lab, operations)
    let other = World(lab, operations)
    let fences = [
      Fence.make(operations: world.table, context: 7, seqno: 1),
      Fence.make(operations: other.table, context: 7, seqno: 2),
    ]
    lab.thread("engines, then handler", cpu: 0) {
      other.ring.record.end(2)
      world.ring.record.end(1)
      for fence in fences { fence.signal() }
    }
    ask(lab, fences, world, claim)
    lab.finally {
      world.free([fences[0]])
      other.free([fences[1]])
    }
  }

  private static func ask(_ lab: Lab, _ fences: [Fence], _ world: World, _ claim: Claim) {
    lab.thread("waiter", cpu: 1) {
      let told = fences[1].isSignaled()
      lab.expect(!told || claim.holds(fences[0], world), claim.words)
    }
  }

  // MARK: - Tables

  /// Which claim holds under which design.
  static func designs() -> [[String]] {
    [["the driver", "earlier-first", "work-first"]]
      + Design.allCases.map { design in
        [design.name]
          + [Claim.earlierFirst, .workFirst].map { claim in
            let report = explore(design, claim)
            return report.isExhaustive
              ? "holds in all \(report.executions)" : report.verdict.rawValue
          }
      }
  }

  /// Which pairs of answers some execution gives.
  static func pairs() -> [[String]] {
    let designs: [Design] = [.neverLooks, .looks]
    let seen = designs.map(answers)
    let pairs = [[false, false], [false, true], [true, false], [true, true]]
    return [["fence 2, then fence 1"] + designs.map { $0 == .looks ? "looks" : "never looks" }]
      + pairs.map { pair in
        [pair.map { $0 ? "yes" : "no" }.joined(separator: ", ")]
          + seen.map { $0.contains(pair) ? "possible" : "never" }
      }
  }

  private static func answers(of design: Design) -> Set<[Bool]> {
    let answers = Answers()
    let report = Explorer.explore("\(design): what is answered") { lab in
      let world = World(lab, design == .looks ? operations : silent)
      let fences = [1, 2].map { Fence.make(operations: world.table, context: 7, seqno: $0) }
      lab.thread("device, then handler", cpu: 0) {
        for fence in fences { world.ring.record.end(fence.seqno) }
        for fence in fences { fence.signal() }
      }
      lab.thread("waiter", cpu: 1) {
        let second = fences[1].isSignaled()
        answers.seen.insert([second, fences[0].testSignaledFlag()])
      }
      lab.finally { world.free(fences) }
    }
    precondition(report.isExhaustive, "what was not explored is not known to be impossible")
    return answers.seen
  }

  // Safety: all executions of one exploration share one OS thread.
  private final class Answers: @unchecked Sendable {
    var seen: Set<[Bool]> = []
  }

  /// How two seqnos compare as numbers, and as the fences of one context.
  static func wrap() -> [[String]] {
    let pairs: [(UInt64, UInt64)] = [(2, 1), (0, 4_294_967_295), (4_294_967_295, 0)]
    return [["one, other", "one > other", "`isLater(one, than: other)`"]]
      + pairs.map { one, other in
        ["\(one), \(other)", one > other ? "yes" : "no", isLater(one, other) ? "yes" : "no"]
      }
  }

  private static func isLater(_ one: UInt64, _ other: UInt64) -> Bool {
    let stub = Fence.stub()
    defer { stub.put() }
    return stub.isLater(one, than: other)
  }
}
