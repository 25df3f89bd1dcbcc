/// Random schedules that give threads priorities and change these at a few random steps.
///
/// An error that needs a few steps in a certain order is found with a probability that does not
/// depend on how many schedules there are (Burckhardt, Kothari, Musuvathi and Nagarakatte,
/// ASPLOS 2010). What such schedules do not find, they do not rule out.
final class RandomSchedules {
  /// How many were tried.
  private(set) var count = 0
  private let exploration: Exploration
  private let seed: UInt64
  /// Steps of the longest execution so far: changes are spread over as many.
  private var stepsLast: Int

  init(_ exploration: Exploration, seed: UInt64) {
    self.exploration = exploration
    self.seed = seed
    stepsLast = max(exploration.conductor.trace.count, 1)
  }

  /// Tries schedules until one breaks a rule.
  func run(
    atMost limit: Int, isTimeToGiveUp: (Int) -> Bool
  ) -> (Failure, Script)? {
    let conductor = exploration.conductor
    while count < limit {
      count += 1
      exploration.follow(
        RandomSchedule(seed: seed &+ UInt64(count), stepsExpected: stepsLast), nil)
      stepsLast = max(stepsLast, conductor.trace.count)
      if let failure = conductor.failure { return (failure, conductor.currentScript()) }
      if let failure = conductor.suspicion, let script = conductor.suspicionScript {
        return (failure, script)
      }
      if count % Limits.executionsBetweenPauses == 0, isTimeToGiveUp(count) { break }
    }
    return nil
  }
}

/// One schedule: the enabled thread with the highest priority steps.
final class RandomSchedule: Guide {
  /// At most so many changes of priority: nearly all errors need fewer ordered steps.
  private static let changesMax: UInt64 = 4
  private var random: SplitMix64
  /// By thread; threads that begin later get theirs when they do.
  private var priorities: [Int: UInt64] = [:]
  private var changes: Set<Int> = []
  private var step = 0
  private var lowest = UInt64(1) << 32

  init(seed: UInt64, stepsExpected: Int) {
    random = SplitMix64(seed: seed)
    super.init()
    for _ in 0..<random.below(Self.changesMax + 1) {
      changes.insert(Int(random.below(UInt64(stepsExpected))))
    }
  }

  override func next(of enabled: UInt32, in conductor: ExplorationConductor) -> VirtualThread? {
    var best = -1
    for thread in conductor.threads.indices where enabled & 1 << UInt32(thread) != 0 {
      if best < 0 || priority(of: thread) > priority(of: best) { best = thread }
    }
    guard best >= 0 else { return nil }
    if changes.contains(step) {
      lowest -= 1
      priorities[best] = lowest
      changes.remove(step)
      return next(of: enabled, in: conductor)
    }
    step += 1
    return conductor.threads[best]
  }

  private func priority(of thread: Int) -> UInt64 {
    if let known = priorities[thread] { return known }
    let new = (UInt64(1) << 32) + random.below(1 << 62)
    priorities[thread] = new
    return new
  }

  override func nextChoice(below limit: UInt64) -> UInt64? { random.below(limit) }
}

/// Steele, Lea and Flood's generator: small, and the same on every machine.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below `limit`; for limits as small as ours the remainder is even enough.
  mutating func below(_ limit: UInt64) -> UInt64 { limit == 0 ? 0 : next() % limit }
}
