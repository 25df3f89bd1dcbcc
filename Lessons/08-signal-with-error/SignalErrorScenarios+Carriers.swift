import Explorer
import Fences
import Kernel
import Machine
import SyncObjects

extension SignalErrorScenarios {
  /// When one of two fences fails, as seen from what stands for both.
  enum Moment: CaseIterable {
    case before, waiting, polled

    /// What the table of the page calls it.
    var name: String {
      switch self {
      case .before: "it had failed before"
      case .waiting: "it fails while somebody waits"
      case .polled: "it fails, and the whole is polled"
      }
    }
  }

  /// Something that stands for two fences.
  struct Carrier: Sendable {
    let fence: Fence
    /// What it says about the two; nil where there is no memory to say it.
    let status: @Sendable () -> Fence.Status?
    let end: @Sendable () -> Void

    /// A fence is asked for its status.
    init(_ fence: Fence) {
      self.fence = fence
      status = { fence.status() }
      end = { fence.put() }
    }

    init(
      _ fence: Fence, status: @escaping @Sendable () -> Fence.Status?,
      end: @escaping @Sendable () -> Void
    ) {
      (self.fence, self.status, self.end) = (fence, status, end)
    }
  }

  /// Makes a carrier of a fence that fails and one that does not; nil without memory.
  typealias Making = @Sendable (_ failing: Fence, _ other: Fence) -> Carrier?

  /// What becomes of an error in each carrier.
  static func carriers() -> [[String]] {
    let makers: [(String, Making)] = [
      ("array, for all", { array($0, $1, .all) }),
      ("array, for any", { array($0, $1, .any) }),
      ("merge", { Fence.merge([$0, $1]).map { Carrier($0) } }),
      ("sync file of the two, asked as one", { syncFile($0, $1, room: 0) }),
      ("sync file of the two, asked for each", { syncFile($0, $1, room: 2) }),
      ("chain, its newest point", chain),
      ("chain, the fence in its newest point", chainContents),
    ]
    return [["what stands for the fence"] + Moment.allCases.map(\.name)]
      + makers.map { name, make in [name] + Moment.allCases.map { fate($0, make) } }
      + [
        ["scheduler, the job's hardware fence"] + Moment.allCases.map { ownFate($0) },
        ["scheduler, a fence that the job waits for"] + Moment.allCases.map { dependencyFate($0) },
      ]
  }

  /// Whether whoever asks the carrier hears of the error: all that can come of it.
  private static func fate(_ moment: Moment, _ make: @escaping Making) -> String {
    let report = Explorer.explore("an error in a carrier") { lab in
      lab.thread("driver", cpu: 0) {
        let failing = Fence.make(operations: driver, context: 1, seqno: 1)
        let other = Fence.make(operations: driver, context: 2, seqno: 1)
        if moment == .before { together(failing, .inputOutput) }
        if let carrier = make(failing, other) {
          if moment != .polled { carrier.fence.enableSignaling() }
          if moment != .before { together(failing, .inputOutput) }
          together(other, nil)
          if moment != .polled { carrier.fence.wait() }
          if let status = carrier.status() { lab.outcome(word(for: status)) }
          carrier.end()
        }
        failing.put()
        other.put()
      }
    }
    guard report.failure == nil, report.isExhaustive else { return report.verdict.rawValue }
    return (report.outcomes ?? []).map(\.outcome).filter { !$0.isEmpty }.joined(separator: " or ")
  }

  /// The table's word for what a carrier says of a fence that failed.
  static func word(for status: Fence.Status) -> String {
    switch status {
    case .pending: "pending"
    case .done: "lost"
    case .failed: "told"
    }
  }

  // MARK: - Carriers

  private static func array(
    _ failing: Fence, _ other: Fence, _ completion: FenceArray.Completion
  ) -> Carrier? {
    let fences = [failing.get(), other.get()]
    if let array = FenceArray.make(fences, context: 3, seqno: 1, completion: completion) {
      return Carrier(array.fence)
    }
    for fence in fences { fence.put() }
    return nil
  }

  private static func syncFile(_ failing: Fence, _ other: Fence, room: Int) -> Carrier? {
    guard let first = SyncFile.make(failing) else { return nil }
    defer { first.put() }
    guard let second = SyncFile.make(other) else { return nil }
    defer { second.put() }
    guard let file = first.merge(with: second) else { return nil }
    return Carrier(
      file.fence, status: { (try? file.information(room: room))?.status },
      end: { file.put() })
  }

  /// The failing fence is the newest point, the other one the point before.
  private static let chain: Making = { failing, other in
    guard let old = FenceChain.make(previous: nil, fence: other.get(), seqno: 1) else {
      other.put()
      return nil
    }
    guard let new = FenceChain.make(previous: old.fence, fence: failing.get(), seqno: 2) else {
      failing.put()
      old.fence.put()
      return nil
    }
    return Carrier(new.fence)
  }

  private static let chainContents: Making = { failing, other in
    guard let carrier = chain(failing, other) else { return nil }
    return Carrier(
      carrier.fence, status: { FenceChain.contained(in: carrier.fence).status() },
      end: carrier.end)
  }
}
