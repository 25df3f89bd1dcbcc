/// What of the world a step touches: enough to tell whether two steps of different threads can be
/// exchanged without anybody noticing.
struct Footprint: Equatable {
  /// How a step takes part in grace periods.
  enum Grace: UInt8 {
    case none
    /// A region that grace periods wait for begins.
    case readerBegins
    /// Such a region ends.
    case readerEnds
    /// A grace period takes its list of readers.
    case starts
    /// A grace period has seen all of them leave.
    case ends
  }

  /// How a step uses the queue of what was handed over to happen after a grace period.
  enum Queue: UInt8 {
    case none
    /// Hands something over; what is handed over first happens first.
    case adds
    /// Notes how much was handed over so far.
    case marks
  }

  /// Which kind of handler takes the CPU with the step.
  enum Entry: UInt8 { case none, softirq, interrupt }

  /// How a step changes what may run on its CPU.
  enum Masking: UInt8 {
    case none
    /// From unmasked to masked.
    case masks
    /// From masked to unmasked.
    case unmasks
  }

  /// How a step uses the clock.
  enum Time: UInt8 { case none, reads, advances }

  /// The location read or written, or -1.
  var location: Int32 = -1
  /// Whether the location, or what the machine knows about it, may change.
  var writes = false
  /// The object that the location belongs to, or -1.
  var object: Int32 = -1
  /// Whether the step ends `object`.
  var frees = false
  /// A release or wake-up: it lets a waiter go on and never competes with it.
  var releases = false
  /// Whether the step can end somebody's wait.
  ///
  /// A handler that waits keeps its CPU from ever
  /// reaching such a step, so that entering it before or after makes a difference.
  var enables = false
  var grace = Grace.none
  var queue = Queue.none
  var interrupts = Masking.none
  /// Interrupts that are off keep softirqs out, too.
  var softirqs = Masking.none
  var preemption = Masking.none
  var enters = Entry.none
  var time = Time.none
}

/// Whether the order of two steps of different threads can matter.
///
/// - Parameter sameCPU: Whether both threads belong to one virtual CPU.
/// - Parameter bothTasks: Whether both are tasks, which only preemption keeps apart.
@inline(__always)
func areDependent(_ one: Footprint, _ other: Footprint, sameCPU: Bool, bothTasks: Bool) -> Bool {
  if one.location >= 0, one.location == other.location, one.writes || other.writes { return true }
  if one.object >= 0, one.object == other.object, one.frees || other.frees { return true }
  if one.grace != .none, other.grace != .none, graceOrders(one.grace, other.grace) { return true }
  if one.queue != .none, other.queue != .none, one.queue == .adds || other.queue == .adds {
    return true
  }
  if one.time != other.time || one.time == .advances, one.time != .none, other.time != .none {
    return true
  }
  guard sameCPU else { return false }
  if one.enters != .none, competes(other, with: one.enters) { return true }
  if other.enters != .none, competes(one, with: other.enters) { return true }
  return bothTasks && (one.preemption != .none || other.preemption != .none)
}

/// Regions order with grace periods, not among themselves.
private func graceOrders(_ one: Footprint.Grace, _ other: Footprint.Grace) -> Bool {
  let updaters: (Footprint.Grace) -> Bool = { $0 == .starts || $0 == .ends }
  return updaters(one) != updaters(other)
}

/// Whether it matters if a handler of the same CPU enters before or after the step.
private func competes(_ step: Footprint, with entry: Footprint.Entry) -> Bool {
  if step.enters != .none || step.enables { return true }
  return (entry == .interrupt ? step.interrupts : step.softirqs) != .none
}
