import Explorer
import Fences
import Kernel
import Machine

extension SignaledBitScenarios {
  /// The two sides that the page compares; the debate has more.
  private static let designs: [SignaledBitPolicy] = [.lockless, .underTheLock]

  /// What was explored under each design.
  static func counts() -> [[String]] {
    [["the bit is read", "verdict", "executions", "steps of the machine"]]
      + designs.map { design in
        let report = explore(.belief, design)
        return [name(design), report.verdict.rawValue, extent(of: report), "\(report.steps)"]
      }
  }

  /// What a waiter may do between seeing the bit and freeing its record, and what comes of it.
  static func repairs() -> [[String]] {
    [["between the bit and the free", "verdict", "executions"]]
      + ways.map { name, repair in
        let report = Explorer.explore(name) { freeing($0, after: repair) }
        return [name, report.verdict.rawValue, extent(of: report)]
      }
  }

  private typealias Repair = @Sendable (Fence, Object<FenceCallback>) -> Void

  private static let ways: [(String, Repair)] = [
    ("nothing", { _, _ in }),
    ("ask `isSignaled()` again", { fence, _ in _ = fence.isSignaled() }),
    ("take the lock, drop the lock", { fence, _ in fence.withLock {} }),
    ("`removeCallback`", { fence, callback in fence.removeCallback(callback) }),
    ("`wait()`", { fence, _ in fence.wait() }),
    ("a grace period", { _, _ in RCU.synchronize() }),
  ]

  /// A waiter that sees the bit, repairs what it believes, and frees its job.
  private static func freeing(_ lab: Lab, after repair: @escaping Repair) {
    let job = lab.allocate(Job())
    let callback = Job.callback.field(of: job)
    let fence = Fence.make(operations: driver, context: 1, seqno: 1)
    try? fence.addCallback(callback, Job.body)
    lab.thread("signaler", cpu: 0) { fence.signal() }
    lab.thread("waiter", cpu: 1) {
      lab.spin(until: fence.signaledFlag)
      repair(fence, callback)
      lab.free(job)
    }
    lab.finally { fence.put() }
  }

  private static func extent(of report: ExplorationReport) -> String {
    report.isExhaustive ? "\(report.executions), all" : "\(report.executions)"
  }

  /// Which pairs of answers some execution gives.
  static func outcomes() -> [[String]] {
    let seen = designs.map(answers)
    let pairs = [(false, false), (false, true), (true, false), (true, true)]
    return [["`isSignaled()`, then: has the callback run?"] + designs.map(name)]
      + pairs.map { answer, hasRun in
        ["\(answer ? "yes" : "no"), \(hasRun ? "yes" : "no")"]
          + seen.map { $0.contains([answer, hasRun]) ? "possible" : "never" }
      }
  }

  private static func answers(under design: SignaledBitPolicy) -> Set<[Bool]> {
    let answers = Answers()
    let claim = Claim(words: "whatever the waiter is told") { answer, hasRun in
      answers.seen.insert([answer, hasRun])
      return true
    }
    let report = explore(claim, design)
    precondition(report.isExhaustive, "what was not explored is not known to be impossible")
    return answers.seen
  }

  // Safety: all executions of one exploration share one OS thread.
  private final class Answers: @unchecked Sendable {
    var seen: Set<[Bool]> = []
  }

  /// How many steps of the machine one question to a signaled fence costs.
  static func cost() -> [[String]] {
    [["the bit is read", "steps for one question to a signaled fence"]]
      + designs.map { design in
        [name(design), "\(steps(asking: 1, design) - steps(asking: 0, design))"]
      }
  }

  private static func steps(asking count: Int, _ design: SignaledBitPolicy) -> Int {
    FencePolicy.with(FencePolicy(signaledBit: design)) {
      Explorer.explore("\(count) questions") { lab in
        let fence = Fence.make(operations: driver, context: 1, seqno: 1)
        fence.signal()
        lab.thread("asker", cpu: 0) {
          for _ in 0..<count { _ = fence.isSignaled() }
          fence.put()
        }
      }.steps
    }
  }

  private static func name(_ design: SignaledBitPolicy) -> String {
    switch design {
    case .underTheLock: "under the lock"
    default: "without the lock"
    }
  }
}
