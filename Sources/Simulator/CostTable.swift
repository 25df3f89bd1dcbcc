import Machine

/// How many virtual nanoseconds each kind of event takes.
///
/// The numbers are round and of the size a server CPU shows; they are chosen so that a drawing
/// keeps the right proportions, and say nothing about any one machine. Costs depend on the kind of
/// event alone, never on an address, so that a run has one timeline.
public struct CostTable: Sendable, Hashable {
  /// A load or store.
  public var access: UInt64 = 2
  /// A read-modify-write, or a barrier.
  public var update: UInt64 = 20
  /// Taking a free lock; giving it back takes half.
  public var lock: UInt64 = 20
  /// Masking or unmasking interrupts, softirqs or preemption; entering or leaving a read section.
  public var level: UInt64 = 4
  /// From raising an interrupt to the first instruction of its handler.
  public var interruptLatency: UInt64 = 200
  /// From a wake to the first instruction of the woken task.
  public var wakeLatency: UInt64 = 400
  /// What going to sleep, waking somebody or making a thread takes on the CPU that does it.
  public var schedule: UInt64 = 60
  /// Getting or giving back memory.
  public var memory: UInt64 = 40
  /// Reading the clock.
  public var clock: UInt64 = 10
  /// From the last reader's end to the end of a grace period.
  public var graceLatency: UInt64 = 2_000
  /// A barrier on every CPU.
  public var barrierEverywhere: UInt64 = 1_000

  /// The table documented above.
  public init() {}

  /// What `event` takes on the CPU that performs it, without waiting.
  func cost(of event: Event) -> UInt64 {
    switch event {
    case .access(let access): access.kind == .load || access.kind == .store ? self.access : update
    case .barrier(let kind, _): kind == .compiler ? 0 : update
    case .membarrier: barrierEverywhere
    case .spin: access
    case .park, .wake, .spawn: schedule
    case .acquire, .tryAcquire: lock
    case .release: lock / 2
    case .isHeld: access
    // An annotation: nothing that a machine would do.
    case .enter(.signaling), .exit(.signaling): 0
    case .level, .enter, .exit: level
    case .gracePeriod, .graceBarrier, .afterGracePeriod: level
    case .allocate, .free, .retire: memory
    case .clock: clock
    case .delay, .lockClass, .lockOrder, .choose, .obligation, .expectation: 0
    }
  }
}
