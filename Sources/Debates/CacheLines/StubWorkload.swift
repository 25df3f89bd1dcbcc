public import CacheModel
import Fences
import Kernel
import Machine
import Simulator

/// One way to look at stub fences in one placement, on a fixed schedule.
///
/// The schedule: CPUs take turns of 10 µs in their order, each looks once in its turn, so no look
/// meets another. Where there is a bystander, it takes and drops one reference in a turn of its
/// own at the end of each round.
public struct StubWorkload: Sendable {
  /// How the CPUs look.
  public let look: StubLook
  /// Where the fences lie.
  public let placement: StubPlacement
  /// CPUs that look; one more belongs to the bystander.
  public let lookerCount = 4
  /// Which protocol the caches keep.
  public var coherence = CacheMachine.Coherence.mesi
  /// Whether each look stands between two full barriers.
  public var hasBarriers = false

  private static let turn: UInt64 = 10_000

  /// Chooses both.
  public init(_ look: StubLook, _ placement: StubPlacement) {
    (self.look, self.placement) = (look, placement)
  }

  /// What so many rounds do to the caches, first rounds included.
  public func run(rounds: Int) -> CacheReport {
    let model = CacheModel(CacheMachine(cpuCount: lookerCount + 1, coherence: coherence))
    nameFields(model)
    let report = Simulation.run(
      "\(look.title), \(placement.title)",
      processors: (0...lookerCount).map { .cpu("cpu \($0)") }, observers: [model]
    ) { run in declare(run, rounds: rounds) }
    precondition(report.isClean, "a workload breaks no rule: \(report.failures) \(report.leaks)")
    return model.report
  }

  /// What one look costs once the caches have settled.
  public var settled: LookCost {
    let (rounds, more) = (4, 8)
    let (early, late) = (lookers(in: run(rounds: rounds)), lookers(in: run(rounds: more)))
    return LookCost(late, less: early, looks: (more - rounds) * lookerCount)
  }

  private func lookers(in report: CacheReport) -> [CacheCounts] {
    Array(report.cpus.prefix(lookerCount))
  }

  // MARK: - The world

  private func nameFields(_ model: CacheModel) {
    let fields = FenceStorage.fieldOffsets.map { (name: $0.field, offset: Int($0.bytes)) }
    model.name(fields, of: "FenceStorage")
    model.name(PaddedStub.fields, of: "PaddedStub")
    model.name(PackedStubs.fields, of: "PackedStubs")
    let stub = Fence.stub()
    model.place(
      stub.machineAddress, bytes: 64, alignment: 64, type: "FenceStorage", as: "the stub")
    stub.put()
  }

  private func declare(_ run: Simulation, rounds: Int) {
    let world = StubWorld(placement)
    for cpu in 0..<lookerCount {
      run.thread("looker", cpu: cpu) { takeTurns(rounds, of: cpu) { lookOnce(world, cpu) } }
    }
    if look.hasBystander {
      run.thread("bystander", cpu: lookerCount) {
        takeTurns(rounds, of: lookerCount) {
          world.stubs[lookerCount].get()
          world.stubs[lookerCount].put()
        }
      }
    }
    run.finally {
      world.close()
      RCU.barrier()
    }
  }

  private func takeTurns(_ rounds: Int, of cpu: Int, _ act: () -> Void) {
    for round in 0..<rounds {
      let start = UInt64(round * (lookerCount + 1) + cpu) * Self.turn
      let now = Machine.clock()
      if start > now { Machine.delay(nanoseconds: start - now) }
      act()
    }
  }

  // MARK: - One look

  private func lookOnce(_ world: StubWorld, _ cpu: Int) {
    // full[stub.look] ↔ full in StubWorkload.lookOnce(_:_:). They order nothing that matters: the
    // question is what they cost.
    if hasBarriers { Machine.barrier(.full, edge: "stub.look") }
    Machine.expect(look.perform(world.stubs[cpu], world.copies[cpu]), "a stub is signaled")
    // full[stub.look] ↔ full in StubWorkload.lookOnce(_:_:). As above.
    if hasBarriers { Machine.barrier(.full, edge: "stub.look") }
  }
}

/// What one look costs, in hundredths, because what happens every fourth time counts too.
public struct LookCost: Sendable, Hashable {
  /// Lines that had to come from elsewhere.
  public let misses: Hundredths
  /// Requests for a line to oneself.
  public let readsForOwnership: Hundredths
  /// Read-modify-writes.
  public let updates: Hundredths
  /// Cycles that the CPU waited.
  public let stallCycles: Hundredths

  init(_ late: [CacheCounts], less early: [CacheCounts], looks: Int) {
    func rate(_ count: (CacheCounts) -> Int) -> Hundredths {
      let sum = late.reduce(0) { $0 + count($1) } - early.reduce(0) { $0 + count($1) }
      return Hundredths(value: (100 * sum + looks / 2) / looks)
    }
    misses = rate(\.misses)
    readsForOwnership = rate(\.readsForOwnership)
    updates = rate(\.updates)
    stallCycles = rate(\.stallCycles)
  }
}

/// A number with two digits behind the point, of which zeros are not printed.
public struct Hundredths: Sendable, Hashable, CustomStringConvertible {
  /// A hundred times the number.
  public let value: Int

  /// Without the zeros.
  public var description: String {
    let rest = value % 100
    if rest == 0 { return "\(value / 100)" }
    if rest % 10 == 0 { return "\(value / 100).\(rest / 10)" }
    return "\(value / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
