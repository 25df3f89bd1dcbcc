internal import Machine

/// A thread of control while graphs are explored: a task, a handler, or deferred work.
///
/// Its shared accesses are nodes of a lane; only what nobody else can see is kept here.
final class GraphThread {
  enum State {
    case idle, ready, waiting, ended
    /// A handler that has not fired yet.
    case armed
    /// A handler runs in its lane.
    case interrupted
  }

  let index: Int
  let coroutine: Coroutine
  var name = ""
  var cpu = 0
  var context = Spawn.Context.task
  /// The lane of its nodes: its own, or for a handler that of the task it interrupts.
  var lane = 0
  var state = State.idle
  var body: (@Sendable () -> Void)?
  /// What the thread is about to do, once everything recorded has been replayed.
  var operation: GraphOperation?
  var result: UInt64 = 0

  var interruptsOff = 0
  var softirqsOff = 0
  var preemptionOff = 0
  var readDepth = 0
  /// Every reason why grace periods wait for this thread.
  var readerDepth = 0
  /// Addresses of held locks, oldest first.
  var held: [UInt] = []
  /// Virtual time as this thread knows it.
  var now: UInt64 = 0
  /// Objects that a dereferenced pointer led to, with the number of the read.
  var led: [(object: Int32, load: Int)] = []
  /// Wake-ups of this thread so far.
  var wakeUps: UInt64 = 0
  var turns = GraphTurns()
  /// What the lock would write that a waiting loop was about to take.
  var postponed: GraphUpdate?
  /// Whether the thread sleeps with a time limit, so that it would go on by itself.
  var hasDeadline = false

  init(index: Int, stackBytes: Int?) {
    self.index = index
    coroutine = stackBytes.map { Coroutine(stackBytes: $0) } ?? Coroutine()
  }

  func begin(_ spawn: Spawn, lane: Int, now: UInt64) {
    name = spawn.name
    cpu = spawn.cpu
    context = spawn.context
    body = spawn.body
    self.lane = lane
    state = .ready
    operation = nil
    (interruptsOff, softirqsOff, preemptionOff, readDepth, readerDepth) = (0, 0, 0, 0, 0)
    held.removeAll(keepingCapacity: true)
    self.now = now
    led.removeAll(keepingCapacity: true)
    wakeUps = 0
    turns = GraphTurns()
    postponed = nil
    hasDeadline = false
  }
}
