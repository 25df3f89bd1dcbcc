import Explorer
import Fences
import Kernel
import Machine

extension ReferenceScenarios {
  /// From a slot to a fence with a reference of one's own, or nil.
  typealias Way = @Sendable (Object<Slot>) -> Fence?

  /// How a reader gets from an address to a reference.
  enum Finding: CaseIterable {
    case get, getInSection, tryAlone, tryInSection, lookAgain, underTheLock

    /// What the tables of the page call it.
    var name: String {
      switch self {
      case .get: "`get()`"
      case .getInSection: "read section, `get()`"
      case .tryAlone: "`getUnlessZero()`"
      case .tryInSection: "read section, `getUnlessZero()`"
      case .lookAgain: "read section, `Fence.get(from:)`"
      case .underTheLock: "the slot's lock, `get()`"
      }
    }

    var find: Way {
      switch self {
      case .get: ReferenceScenarios.get
      case .getInSection: ReferenceScenarios.getInSection
      case .tryAlone: ReferenceScenarios.tryAlone
      case .tryInSection: ReferenceScenarios.tryInSection
      case .lookAgain: ReferenceScenarios.lookAgain
      case .underTheLock: ReferenceScenarios.underTheLock
      }
    }
  }

  static let get: Way = { slot in
    RCU.dereference(slot.record.newest)?.get()
  }

  // snippet: get-in-section
  static let getInSection: Way = { slot in
    RCU.withReadLock { RCU.dereference(slot.record.newest)?.get() }
  }
  // end snippet

  static let tryAlone: Way = { slot in
    RCU.dereference(slot.record.newest)?.getUnlessZero()
  }

  // snippet: try-in-section
  static let tryInSection: Way = { slot in
    RCU.withReadLock {
      RCU.dereference(slot.record.newest)?.getUnlessZero()
    }
  }
  // end snippet

  static let lookAgain: Way = { slot in
    RCU.withReadLock { Fence.get(from: slot.record.newest) }
  }

  // snippet: under-the-lock
  static let underTheLock: Way = { slot in
    slot.record.lock.lockIRQSave()
    defer { slot.record.lock.unlockIRQRestore() }
    return RCU.dereference(slot.record.newest)?.get()
  }
  // end snippet

  // MARK: - Tables

  /// What comes of each way, for both kinds of memory.
  static func ways() -> [[String]] {
    [["how the reader takes it", "memory freed later", "memory used again"]]
      + Finding.allCases.map { way in
        [way.name]
          + [Memory.fresh, .recycled].map { memory in
            let report = explore(way, memory)
            return report.isExhaustive
              ? "passed, all \(report.executions)" : report.verdict.rawValue
          }
      }
  }

  /// How many steps of the machine one look at an unchanging slot costs.
  static func cost() -> [[String]] {
    let looks: [(String, Way)] = [
      ("read section, the bit is read, no reference", peek),
      ("read section, `getUnlessZero()`, `put()`", tryInSection),
      ("read section, `Fence.get(from:)`, `put()`", lookAgain),
      ("the slot's lock, `get()`, `put()`", underTheLock),
    ]
    return [["one look at the fence", "steps of the machine"]]
      + looks.map { name, way in [name, "\(steps(1, way) - steps(0, way))"] }
  }

  /// Looks at the bit and takes no reference.
  private static let peek: Way = { slot in
    RCU.withReadLock { _ = RCU.dereference(slot.record.newest)?.testSignaledFlag() }
    return nil
  }

  private static func steps(_ count: Int, _ way: @escaping Way) -> Int {
    Explorer.explore("\(count) looks") { lab in
      let slot = lab.allocate(Slot())
      RCU.assign(
        Fence.make(operations: driver, context: 7, seqno: 1), to: slot.record.newest)
      lab.thread("reader", cpu: 0) {
        for _ in 0..<count { way(slot)?.put() }
        RCU.dereference(slot.record.newest)?.put()
        lab.free(slot)
      }
    }.steps
  }
}
