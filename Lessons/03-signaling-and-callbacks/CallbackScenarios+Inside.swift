import Explorer
import Fences
import Kernel
import Machine

extension CallbackScenarios {
  /// What a callback does while the fence's lock is held.
  enum Deed: CaseIterable {
    case notes, asks, putsBack, takesItself, asksUnderLock, signalsAnother, sleeps, defers

    /// Whether it has to do with the other fence.
    var needsOther: Bool { self == .signalsAnother || self == .sleeps || self == .defers }

    /// What the table of the page calls it.
    var name: String {
      switch self {
      case .notes: "writes into its record"
      case .asks: "asks `isSignaled()` of its fence"
      case .putsBack: "gives a reference to its fence back"
      case .takesItself: "takes itself back: `removeCallback`"
      case .asksUnderLock: "asks `status()` of its fence"
      case .signalsAnother: "signals another fence"
      case .sleeps: "waits for another fence"
      case .defers: "has an `IRQWork` signal another fence"
      }
    }
  }

  // snippet: take-itself
  static let takeItself: FenceCallback.Body = { fence, callback in
    fence.removeCallback(callback)
  }
  // end snippet

  /// One fence with one callback, and another fence that somebody else may look at.
  static func scenario(_ lab: Lab, _ deed: Deed) {
    let world = lab.allocate(World())
    let fence = Fence.make(operations: driver, context: 1, seqno: 1)
    let other = Fence.make(operations: driver, context: 2, seqno: 1)
    // relaxed: no thread has begun.
    world.record.other.store(other, .relaxed)
    if deed == .putsBack { fence.get() }
    try? fence.addCallback(World.callback.field(of: world), body(of: deed))
    lab.thread("signaler", cpu: 0) { fence.signal() }
    if deed.needsOther { lab.thread("bystander", cpu: 1) { _ = other.status() } }
    lab.finally {
      world.record.work.waitUntilDone()
      other.put()
      fence.put()
      lab.free(world)
    }
  }

  static func explore(_ deed: Deed) -> ExplorationReport {
    Explorer.explore(deed.name) { scenario($0, deed) }
  }

  private static func body(of deed: Deed) -> FenceCallback.Body {
    switch deed {
    case .notes:
      // relaxed: whoever relies on it has taken the fence's lock.
      { _, callback in
        World.callback.record(around: callback).record.hasRun.store(true, .relaxed)
      }
    case .asks: { fence, _ in _ = fence.isSignaled() }
    case .putsBack: { fence, _ in fence.put() }
    case .takesItself: takeItself
    case .asksUnderLock: { fence, _ in _ = fence.status() }
    case .signalsAnother: { _, callback in other(of: callback)?.signal() }
    case .sleeps: { _, callback in other(of: callback)?.wait() }
    case .defers:
      { _, callback in World.callback.record(around: callback).record.work.queue() }
    }
  }

  /// What the callback finds around itself.
  private struct World: ~Copyable {
    let callback = FenceCallback()
    let other = Word<Fence?>(nil)
    let hasRun = Word<Bool>(false)
    let work = IRQWork(World.signalOther)

    static let callback = FieldOffset<World, FenceCallback> { $0.callback.address }
    static let work = FieldOffset<World, IRQWork> { $0.work.address }

    static func signalOther(_ work: Object<IRQWork>) {
      // relaxed: written before any thread began.
      World.work.record(around: work).record.other.load(.relaxed)?.signal()
    }
  }

  private static func other(of callback: Object<FenceCallback>) -> Fence? {
    // relaxed: written before any thread began.
    World.callback.record(around: callback).record.other.load(.relaxed)
  }

  // MARK: - Tables

  /// What came of each deed.
  static func inside() -> [[String]] {
    [["a callback that …", "verdict"]]
      + Deed.allCases.map { deed in
        let report = explore(deed)
        precondition(
          report.failure != nil || report.isExhaustive, "a pass that was not explored is none")
        return [deed.name, report.verdict.rawValue]
      }
  }

  /// Whether the answer of `removeCallback` decides, under both designs.
  static func designs() -> [[String]] {
    [["the callback's work is done", "once-or-never"]]
      + [underTheLock, afterTheLock].map { design in
        let report = explore(design, answerDecides)
        return [
          design.name,
          report.isExhaustive ? "holds in all \(report.executions)" : report.verdict.rawValue,
        ]
      }
  }
}
