internal import Machine

/// What a thread will do next.
///
/// The events of the machine, and the second halves of those that wait.
enum PendingStep {
  case event(Event)
  /// A handler that has not fired yet: an interrupt's, or a softirq's.
  case enterHandler
  /// Asleep on a word until woken, or until the deadline where there is one.
  case wakeUp(word: UInt, deadline: UInt64?)
  /// A grace period has begun and waits for these readers.
  case graceEnds(GraceTicket)
  /// The reclaimer's next piece of work.
  case reclaim
  /// Waits until so many pieces of deferred work are done.
  case queueDone(count: Int)
}

/// The readers that a grace period waits for, and how many regions each thread had left when it
/// began.
struct GraceTicket {
  /// One bit a thread.
  var readers: UInt32 = 0
  var regionsLeft: [Int] = []
}

/// A thread of control of one execution: a task, an interrupt handler, or the reclaimer.
final class VirtualThread: ConductedThread {
  enum State { case idle, ready, ended }

  var state = State.idle
  var body: (@Sendable () -> Void)?

  // The next step. Written by the thread itself, taken by the dispatcher.
  var pending = PendingStep.enterHandler
  var footprint = Footprint()
  var result: UInt64 = 0
  /// Set by a wake-up; cleared when the sleeper goes to sleep.
  var wasWoken = false
  /// Where the pending step stands in the sources; only while a schedule is recorded.
  var site = Site.unknown

  /// What the thread knew when it left each outermost reader region, oldest first.
  var leftRegions: [VectorClock] = []
  /// The step at which this handler took its CPU, or -1.
  var enterStep: Int32 = -1

  // What is known to have happened before this thread's next step.
  var steps: Int32 = 0
  /// By the dependency of steps: the search's order.
  var order = VectorClock.zero
  /// By synchronisation: the order that programs may rely on.
  var sync = VectorClock.zero
  /// What relaxed loads saw; joins `sync` at the next barrier.
  var seenByRelaxedLoads = VectorClock.zero
  /// What a barrier allows later relaxed stores to publish.
  var publishedByBarrier = VectorClock.zero
  var repetition = Repetition()

  /// Makes the thread new for an execution.
  func begin(_ spawn: Spawn, after parent: VirtualThread?) {
    begin(as: spawn)
    body = spawn.body
    state = .ready
    wasWoken = false
    leftRegions.removeAll(keepingCapacity: true)
    enterStep = -1
    steps = 0
    order = parent?.order ?? .zero
    sync = parent?.sync ?? .zero
    seenByRelaxedLoads = .zero
    publishedByBarrier = .zero
    repetition.didAct()
  }

  var bit: UInt32 { 1 << UInt32(index) }
}
