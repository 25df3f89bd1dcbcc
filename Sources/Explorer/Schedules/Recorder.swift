internal import Machine

/// Keeps what a report needs of each step while a failing schedule runs once more.
final class Recorder {
  struct Record {
    var thread: Int
    var event: String
    /// What was read or written, where that says something.
    var value: String?
    var site: Site
  }

  /// Whether the steps' places in the sources are noted.
  let namesLines: Bool
  private(set) var records: [Record] = []

  init(namesLines: Bool = true) { self.namesLines = namesLines }

  func begin() { records.removeAll() }

  func willTake(_ pending: PendingStep, of thread: VirtualThread, arena: Arena) {
    let event = StepDescription(arena: arena).text(of: pending, by: thread)
    var site = thread.site
    if case .enterHandler = pending { site = .unknown }
    if case .reclaim = pending { site = .unknown }
    var value: String?
    if case .event(.access(let access)) = pending, access.kind == .store {
      value = "← \(StepDescription.number(access.operand))"
    }
    records.append(Record(thread: thread.index, event: event, value: value, site: site))
  }

  func didTake(_ thread: VirtualThread) {
    guard case .event(let event) = thread.pending, !records.isEmpty else { return }
    let value = StepDescription.result(of: event, thread.result)
    guard !value.isEmpty else { return }
    records[records.count - 1].event += " " + value
    records[records.count - 1].value = value
  }
}

/// Says in few words what a step does.
struct StepDescription {
  let arena: Arena

  func text(of pending: PendingStep, by thread: ConductedThread) -> String {
    switch pending {
    case .event(let event): return text(of: event)
    case .enterHandler: return StepDescription.entry(of: thread)
    case .wakeUp(_, let deadline): return deadline == nil ? "wakes up" : "wakes up or times out"
    case .graceEnds: return "grace period ends"
    case .reclaim: return "deferred work after a grace period"
    case .queueDone: return "the deferred work is done"
    }
  }

  /// What a handler does that fires.
  static func entry(of thread: ConductedThread) -> String {
    thread.context == .interrupt ? "interrupt" : "softirq"
  }

  func text(of event: Event) -> String {
    switch event {
    case .access(let access): return text(of: access)
    case .spin(let condition): return "spin on \(arena.describe(condition.address)): true"
    case .acquire: return "lock"
    case .tryAcquire: return "try lock"
    case .release: return "unlock"
    case .isHeld: return "is locked"
    case .level(let level, let change): return "\(level) \(change)"
    case .enter: return "rcu read lock"
    case .exit: return "rcu read unlock"
    case .park: return "sleep"
    case .wake: return "wake"
    case .gracePeriod: return "grace period begins"
    case .free(let address): return "free \(arena.describe(address))"
    case .retire(let address): return "free \(arena.describe(address)) after a grace period"
    case .afterGracePeriod: return "defer work to after a grace period"
    case .graceBarrier: return "wait for deferred work"
    case .clock: return "read the clock"
    case .delay: return "let time pass"
    default: return "\(event)"
    }
  }

  private func text(of access: Access) -> String {
    let place = arena.describe(access.address)
    switch access.kind {
    case .load: return "read \(place)"
    case .store: return "write \(place) ← \(Self.number(access.operand))"
    case .exchange: return "exchange \(place) ← \(Self.number(access.operand))"
    case .compareExchange: return "compare-exchange \(place)"
    case .add: return "add to \(place)"
    case .or: return "set bits \(Self.number(access.operand)) of \(place)"
    case .and: return "clear bits of \(place)"
    }
  }

  /// What came out, where that says something.
  static func result(of event: Event, _ result: UInt64) -> String {
    switch event {
    case .access(let access) where access.kind == .load: return "→ \(number(result))"
    case .access(let access) where access.kind != .store: return "(was \(number(result)))"
    case .tryAcquire, .isHeld: return result == 0 ? "→ no" : "→ yes"
    default: return ""
    }
  }

  /// Small numbers in full; addresses only as "an address", because they differ between processes.
  static func number(_ bits: UInt64) -> String {
    if bits < 1 << 32 { return String(bits) }
    let negative = Int64(bitPattern: bits)
    return negative > -4096 && negative < 0 ? String(negative) : "an address"
  }
}
