import Machine
import Timeline

// Safety: used by coroutines of one OS thread only, and no state is open across a switch.
/// Follows one schedule: the processor that is furthest behind in virtual time goes next.
///
/// All state belongs to the OS thread that runs the simulation; between two switches nothing else
/// touches it. No property may be held `inout` across `yieldTurn()`.
final class SimulationConductor: Conductor, @unchecked Sendable {
  let costs: CostTable
  let recorder: TimelineRecorder
  let observers: [any Observer]
  /// Whether what threads do is drawn.
  let isDrawing: Bool
  let processors: [Processor]
  /// The coroutine that `run` was called on.
  let home = Coroutine()

  /// Until when the running thread goes on without asking who is next: before anything else can
  /// happen.
  ///
  /// Whatever may bring something earlier sets it to 0.
  var horizon: UInt64 = 0

  /// The thread whose coroutine is running; nil at home.
  var current: VirtualThread?
  /// All threads that have not ended, in the order in which they were made.
  var threads: [VirtualThread] = []
  var idleCoroutines: [Coroutine] = []
  /// Task records that no thread uses; the first ones stand for the processors' idle tasks.
  var freeSlots: [Int] = []
  var slotCount: Int
  let eventCountMax: Int
  var eventCount = 0

  /// Who spins or sleeps on a word, first come first.
  var spinners: [UInt: [VirtualThread]] = [:]
  var sleepers: [UInt: [VirtualThread]] = [:]
  var locks: [UInt: LockState] = [:]
  /// The order in which they are taken; nil where nobody asked for it.
  var lockOrder: LockOrder?
  var alarms = AlarmQueue()
  var gracePeriods: [GracePeriod] = []
  /// Callbacks handed over and not yet run.
  var graceWorkCount = 0
  var graceBarrierWaiters: [VirtualThread] = []
  var memory = SimulatedMemory()
  var watches: [Watch] = []
  var obligations: [UInt: [Obligation.Kind]] = [:]
  var failures: [SimulationReport.Failure] = []
  var isExhausted = false

  init(
    processors: [Simulation.Processor], costs: CostTable, eventCountMax: Int,
    isDrawing: Bool, checksLockOrder: Bool, recorder: TimelineRecorder,
    observers: [any Observer]
  ) {
    if checksLockOrder { lockOrder = LockOrder() }
    self.costs = costs
    self.eventCountMax = eventCountMax
    self.isDrawing = isDrawing
    self.recorder = recorder
    self.observers = observers
    self.processors = processors.map { Processor(name: $0.name, drawsThreads: $0.drawsThreads) }
    slotCount = processors.count
    super.init(summarises: true)
    for processor in processors { recorder.track(processor.name) }
  }

  override func perform(_ event: Event) -> UInt64 {
    guard let thread = current else {
      preconditionFailure("the machine is used outside the simulation's threads")
    }
    eventCount += 1
    if eventCount > eventCountMax {
      isExhausted = true
      horizon = 0
    }
    if !thread.isHidden { processors[thread.cpu].time += costs.cost(of: event) }
    yieldTurn()
    thread.hasWaited = false
    if !observers.isEmpty { thread.event = event }
    let result = effect(of: event, thread)
    if !observers.isEmpty {
      tell(
        ObservedStep(
          event, result: result, cpu: thread.cpu,
          moment: thread.isHidden ? .outsideThreads : .done, hasWaited: thread.hasWaited))
    }
    return result
  }

  func tell(_ step: ObservedStep) { for observer in observers { observer.observe(step) } }

  override var currentThread: Int { current?.slot ?? 0 }
  override var currentCPU: Int { current?.cpu ?? 0 }

  /// The processor's time of the running thread.
  var now: UInt64 { current.map { processors[$0.cpu].time } ?? 0 }

  private func effect(of event: Event, _ thread: VirtualThread) -> UInt64 {
    switch event {
    case .access(let access): return perform(access, thread)
    case .barrier, .membarrier: return 0
    case .lockClass(let lock): lockOrder?.name(lock)
    case .lockOrder(let note): lockOrder?.note(note, by: thread)
    case .spin(let condition): return spin(condition, thread)
    case .park(let word, let expected, let deadline):
      return park(word, expected, deadline, thread)
    case .wake(let word, let count): return wake(word, count, thread)
    case .acquire(let step): acquire(step, thread)
    case .tryAcquire(let step): return tryAcquire(step, thread) ? 1 : 0
    case .release(let step): release(step, thread)
    case .isHeld(let lock): return locks[lock]?.owner == nil ? 0 : 1
    case .level(let level, let change): setLevel(level, change, thread)
    case .enter(let section): enter(section, thread)
    case .exit(let section): exit(section, thread)
    case .gracePeriod: waitForGracePeriod(thread)
    case .afterGracePeriod(let body): runAfterGracePeriod(thread, body)
    case .retire(let address): retire(address, thread)
    case .graceBarrier: waitForGraceWork(thread)
    case .allocate(let request): return UInt64(memory.allocate(request))
    case .free(let address): free(address, thread)
    case .spawn(let spawn): add(spawn, from: thread)
    case .choose: return 0
    case .clock: return now
    case .delay(let nanoseconds): delay(nanoseconds, thread)
    case .obligation(let obligation): note(obligation)
    case .expectation(let claim):
      if !claim.holds { fail(claim.message, thread, isWarning: claim.severity == .warning) }
    }
    return 0
  }

  /// Notes that a rule was broken, in the report and in the drawing.
  func fail(_ message: String, _ thread: VirtualThread, isWarning: Bool = false) {
    let failure = SimulationReport.Failure(
      time: now, thread: thread.name, message: message, isWarning: isWarning)
    failures.append(failure)
    recorder.instant(message, on: processors[thread.cpu].name, at: now, mark: .violation)
  }

  private func note(_ obligation: Obligation) {
    switch obligation.step {
    case .opened: obligations[obligation.key, default: []].append(obligation.kind)
    case .met, .dropped:
      if let index = obligations[obligation.key]?.firstIndex(of: obligation.kind) {
        obligations[obligation.key]?.remove(at: index)
        // A record's address may become another's, so only open promises are kept.
        if obligations[obligation.key]?.isEmpty ?? false { obligations[obligation.key] = nil }
      }
    }
  }
}
