import Explorer
import Fences
import Kernel
import Machine

extension SignaledBitScenarios {
  /// What was explored under each design.
  static func counts() -> [[String]] {
    [["the bit is read", "verdict", "executions", "steps of the machine"]]
      + SignaledBitPolicy.allCases.map { design in
        let report = explore(.belief, design)
        let extent = report.isExhaustive ? "\(report.executions), all" : "\(report.executions)"
        return [name(design), report.verdict.rawValue, extent, "\(report.steps)"]
      }
  }

  /// Which pairs of answers some execution gives.
  static func outcomes() -> [[String]] {
    let pairs = [(false, false), (false, true), (true, false), (true, true)]
    return [["`isSignaled()`, then: has the callback run?"] + SignaledBitPolicy.allCases.map(name)]
      + pairs.map { signaled, ran in
        ["\(signaled ? "yes" : "no"), \(ran ? "yes" : "no")"]
          + SignaledBitPolicy.allCases.map { design in
            let report = explore(.never(signaled, ran), design)
            return report.verdict == .passed ? "never" : "possible"
          }
      }
  }

  /// How many steps of the machine one question to a signaled fence costs.
  static func cost() -> [[String]] {
    [["the bit is read", "steps for one question to a signaled fence"]]
      + SignaledBitPolicy.allCases.map { design in
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
    case .lockless: "without the lock"
    case .underTheLock: "under the lock"
    }
  }
}
