import Explorer
import Fences
import Kernel
import Machine

/// Lesson 01: the scenarios that the page explores.
package enum FencePromiseScenarios {
  /// What the page can weave, by name.
  package static let all = [
    LessonScenario("looking") { explore(.looks, .earlierFirst) },
    LessonScenario("never-looking") { explore(.neverLooks, .earlierFirst) },
    LessonScenario("lucky") { explore(.looks, .misfortune) },
    LessonScenario("two-engines") { explore(.hasTwoEngines, .workFirst) },
  ]

  /// The tables of the page, by name.
  package static let tables = [
    LessonTable("pairs", pairs), LessonTable("designs", designs), LessonTable("wrap", wrap),
  ]

  // MARK: - The smallest program that shows it

  // snippet: ring
  /// Where the device writes the seqno of the last job that it has ended.
  struct Ring: ~Copyable {
    let completed = Word<UInt32>(0)

    func end(_ seqno: UInt64) {
      // relaxed: nothing else is handed over with the number.
      completed.store(UInt32(seqno), .relaxed)
    }

    func hasEnded(_ seqno: UInt64) -> Bool {
      // relaxed: the number is all that is asked.
      completed.load(.relaxed) >= UInt32(seqno)
    }
  }
  // end snippet

  // snippet: operations
  /// A driver that can be asked: it looks at the ring.
  static func operations(_ ring: Object<Ring>) -> FenceOperations {
    FenceOperations(
      driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
      isSignaled: { fence in ring.record.hasEnded(fence.seqno) })
  }
  // end snippet

  // snippet: scenario
  static func scenario(_ lab: Lab, _ world: World, _ claim: Claim) {
    let fence1 = Fence.make(operations: world.table, context: 7, seqno: 1)
    let fence2 = Fence.make(operations: world.table, context: 7, seqno: 2)

    lab.thread("device, then handler", cpu: 0) {
      world.ring.record.end(1)
      world.ring.record.end(2)
      // The interrupt comes; the handler signals the oldest fence first.
      fence1.signal()
      fence2.signal()
    }
    lab.thread("waiter", cpu: 1) {
      let told = fence2.isSignaled()
      lab.expect(!told || claim.holds(fence1, world), claim.words)
    }
    lab.finally { world.free([fence1, fence2]) }
  }
  // end snippet

  // MARK: - Claims

  /// What is believed of the first fence by a waiter who was told that the second is signaled.
  struct Claim: Sendable {
    var words: String
    var holds: @Sendable (_ fence1: Fence, _ world: World) -> Bool

    // snippet: earlier-first
    /// Told yes about fence 2, the waiter takes fence 1 for signaled.
    static let earlierFirst = Claim(
      words: "earlier-first: fence 2 is signaled, and fence 1 is not"
    ) { fence1, _ in fence1.testSignaledFlag() }
    // end snippet

    // snippet: work-first
    /// Told yes about fence 2, the waiter takes job 1 for ended.
    static let workFirst = Claim(
      words: "work-first: fence 2 is signaled, and job 1 still runs"
    ) { fence1, world in world.ring.record.hasEnded(fence1.seqno) }
    // end snippet

    /// The opposite of luck, so that an execution that breaks it is a lucky one.
    static let misfortune = Claim(
      words: "Told yes about fence 2, the waiter finds fence 1 signaled: this time."
    ) { fence1, _ in !fence1.testSignaledFlag() }
  }

  static func explore(_ design: Design, _ claim: Claim) -> ExplorationReport {
    Explorer.explore("\(design): \(claim.words)") { lab in
      design.run(lab, claim)
    }
  }
}
