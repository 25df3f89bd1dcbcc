import Machine
import Timeline

/// A thread of control of one simulation: a task, a softirq or an interrupt handler.
final class VirtualThread {
  /// Why a thread cannot go on.
  enum Block {
    case spin(Condition)
    case lock(LockStep)
    case park(word: UInt, deadline: UInt64?)
    case delay
    case grace
  }

  let name: String
  let cpu: Int
  let context: Spawn.Context
  /// Setup and final checks: they take no time and are not drawn.
  let isHidden: Bool
  let body: () -> Void

  /// The number of its task record; a handler borrows the one of whatever it interrupts.
  var slot = 0
  var coroutine: Coroutine?
  var hasEnded = false
  /// What it waits for; nil if it can run from `readyAt` on.
  var block: Block?
  var readyAt: UInt64
  /// What ends its wait at a fixed time.
  var alarm: Alarm?
  /// The event it is in, and whether it had to wait in it; observers are told.
  var event: Event?
  var hasWaited = false
  /// What the event it waited in returns.
  var result: UInt64 = 0

  // What is masked while this thread is the one its CPU runs.
  var interruptsOff = 0
  var softirqsOff = 0
  var preemptionOff = 0
  var spinlocksHeld = 0
  var readSections = 0
  // For the order of locks, where it is kept: what it holds, oldest first.
  var locksHeld: [LockOrder.Held] = []
  var signalingDepth = 0

  /// The drawn span that it is running in, and the one that it waits in.
  var runSpan: Timeline.Event.ID?
  var waitSpan: Timeline.Event.ID?
  /// What made it ready, for the arrow to its next span.
  var cause: Timeline.Event.ID?

  init(_ spawn: Spawn, readyAt: UInt64, isHidden: Bool = false) {
    name = spawn.name
    cpu = spawn.cpu
    context = spawn.context
    body = spawn.body
    self.readyAt = readyAt
    self.isHidden = isHidden
  }

  /// Whether it must not sleep, because its CPU could not run anything else.
  var isAtomic: Bool {
    context != .task || interruptsOff + softirqsOff + preemptionOff + spinlocksHeld > 0
  }

  /// Whether a grace period has to wait for it.
  var isReader: Bool { coroutine != nil && !hasEnded && (isAtomic || readSections > 0) }
}
