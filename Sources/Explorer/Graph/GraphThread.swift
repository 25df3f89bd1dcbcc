internal import Machine

/// A thread of control while graphs are explored: a task, a handler, or deferred work.
///
/// Its shared accesses are nodes of a lane; only what nobody else can see is kept here.
final class GraphThread: ConductedThread {
  enum State {
    case idle, ready, waiting, ended
    /// A handler that has not fired yet.
    case armed
    /// A handler runs in its lane.
    case interrupted
  }

  /// Whom the handler interrupts, once it has fired.
  var below: GraphThread?
  /// The handler that raised it, if one did.
  var raiser: GraphThread?
  /// Whether it stands for a CPU without a task.
  var isIdle = false

  /// The lane of its nodes: its own, or for a handler that of the task it interrupts.
  var lane = 0
  var state = State.idle
  /// What the thread is about to do, once everything recorded has been replayed.
  var operation: GraphOperation?
  var result: UInt64 = 0

  /// Virtual time as this thread knows it.
  var now: UInt64 = 0
  /// How many threads it has started.
  var started = 0
  /// Objects that a dereferenced pointer led to, with the number of the read.
  var led: [(object: Int32, load: Int)] = []
  /// Wake-ups of this thread so far.
  var wakeUps: UInt64 = 0
  var turns = GraphTurns()
  /// The read at which the thread waits.
  var blocked: GraphOperation?
  /// What the lock would write that a waiting loop was about to take.
  var postponed: GraphUpdate?
  /// Whether the thread sleeps with a time limit, so that it would go on by itself.
  var hasDeadline = false

  func begin(_ spawn: Spawn, lane: Int, now: UInt64) {
    begin(as: spawn)
    self.lane = lane
    state = .ready
    (below, raiser, isIdle) = (nil, nil, false)
    operation = nil
    self.now = now
    started = 0
    led.removeAll(keepingCapacity: true)
    wakeUps = 0
    turns = GraphTurns()
    blocked = nil
    postponed = nil
    hasDeadline = false
  }
}
