import Explorer
import Fences
import Kernel
import Machine

/// Lesson 02: the scenarios that the page explores.
package enum ReferenceScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("section-get") { explore(.getInSection, .fresh) },
    LessonScenario("recycled") { explore(.tryInSection, .recycled) },
    LessonScenario("lucky") { explore(.getInSection, .fresh, .misfortune) },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("ways", ways), LessonTable("cost", cost),
  ]

  // MARK: - The smallest program that shows it

  // snippet: slot
  /// A place in memory that names the newest fence of a buffer.
  struct Slot: ~Copyable {
    let newest = Word<Fence?>(nil)
    /// Held by whoever changes the name.
    let lock = SpinLock()
  }
  // end snippet

  // snippet: scenario
  static func scenario(
    _ lab: Lab, _ memory: Memory, _ claim: Claim, _ find: @escaping Way
  ) {
    let slot = lab.allocate(Slot())
    let pool = Pool(memory)
    RCU.assign(pool.fence(context: 7), to: slot.record.newest)

    lab.thread("owner", cpu: 0) {
      slot.record.lock.lockIRQSave()
      let old = RCU.dereference(slot.record.newest)
      RCU.assign(nil, to: slot.record.newest)
      slot.record.lock.unlockIRQRestore()
      old?.put()
      // Meanwhile somebody makes a fence for another job.
      pool.fence(context: 8)?.put()
    }
    lab.thread("reader", cpu: 1) {
      guard let fence = find(slot) else { return }
      lab.expect(claim.holds(fence, slot), claim.words)
      fence.put()
    }
    lab.finally {
      lab.free(slot)
      pool.close()
    }
  }
  // end snippet

  // snippet: claim
  /// What the reader holds is what the slot has named.
  static let sameFence = Claim(
    words: "held-while-used: the reader holds the fence of another job"
  ) { fence, _ in fence.context == 7 }
  // end snippet

  /// What is said about the fence that the reader found.
  struct Claim: Sendable {
    var words: String
    var holds: @Sendable (_ fence: Fence, _ slot: Object<Slot>) -> Bool

    /// The opposite of luck, so that an execution that breaks it is a lucky one.
    static let misfortune = Claim(
      words: "The slot is empty, and the reader holds the fence: this time."
    ) { _, slot in RCU.dereference(slot.record.newest) != nil }
  }

  // MARK: - Memory

  /// What becomes of a fence's memory after the last `put()`.
  enum Memory: Sendable {
    /// It is freed a grace period later.
    case fresh
    /// The next fence may be made of it at once.
    case recycled
  }

  /// Where fences come from.
  struct Pool: Sendable {
    private let requests: RequestPool?

    init(_ memory: Memory) { requests = memory == .recycled ? .make() : nil }

    func fence(context: UInt64) -> Fence? {
      guard let requests else {
        return Fence.make(operations: ReferenceScenarios.driver, context: context, seqno: 1)
      }
      return requests.request(context: context, seqno: 1, mayBlock: false)
    }

    func close() { requests?.destroy() }
  }

  static let driver = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

  static func explore(_ way: Finding, _ memory: Memory, _ claim: Claim = sameFence)
    -> ExplorationReport
  {
    Explorer.explore("\(way), \(memory)") { scenario($0, memory, claim, way.find) }
  }
}
