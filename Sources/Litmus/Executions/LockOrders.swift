/// The orders in which the critical sections of one lock may have run.
///
/// A section's first half reads from the end of the section before it. Whatever sees the lock
/// without taking it reads from any section that coherence leaves.
struct LockOrders {
  private let coherence: Coherence
  private let accesses: [Int]
  private var program: Program { coherence.program }

  /// A critical section: where it begins, and where it ends, if it does.
  private struct Section {
    let start: Int
    let end: Int?
  }

  init(_ coherence: Coherence, _ accesses: [Int]) {
    self.coherence = coherence
    self.accesses = accesses
  }

  func choices() throws(LitmusError) -> [Coherence.Choice] {
    guard let sections = try sections() else { return [] }
    let open = sections.filter { $0.end == nil }
    guard open.count <= 1 else { return [] }
    var found: [Coherence.Choice] = []
    let initial = accesses.filter { program.threads[$0] < 0 }
    order([], sections.filter { $0.end != nil }) { closed in
      let all = closed + open
      let writes = initial + all.flatMap { [$0.start] + ($0.end.map { [$0] } ?? []) }
      var sources: [(read: Int, write: Int)] = []
      for (index, section) in all.enumerated() {
        guard let half = program.events[section.start].readHalf else { continue }
        let before = index == 0 ? initial.first : all[index - 1].end
        if let before { sources.append((half, before)) }
      }
      watch(observers, all, writes, sources) { found.append($0) }
    }
    return found
  }

  /// The sections; nil if a thread takes a lock it holds.
  private func sections() throws(LitmusError) -> [Section]? {
    var sections: [Section] = []
    for range in program.ranges {
      var held: Int?
      for event in accesses where range.contains(event) {
        switch program.events[event].kind {
        case .lockWrite:
          if held != nil { return nil }
          held = event
        case .unlock:
          guard let start = held else { throw misuse(event, "This thread does not hold the lock.") }
          sections.append(Section(start: start, end: event))
          held = nil
        case .read, .write: throw misuse(event, "A lock is read or written like a variable.")
        default: break
        }
      }
      if let held { sections.append(Section(start: held, end: nil)) }
    }
    return sections
  }

  private func misuse(_ event: Int, _ message: String) -> LitmusError {
    LitmusError(
      line: program.events[event].line, message,
      repair: "Take and leave locks with spin_lock and spin_unlock only, in pairs.")
  }

  private func order(_ chosen: [Section], _ rest: [Section], _ body: ([Section]) -> Void) {
    if rest.isEmpty { return body(chosen) }
    for (index, section) in rest.enumerated()
    where !rest.contains(where: { program.isBefore($0.start, section.start) }) {
      var others = rest
      others.remove(at: index)
      order(chosen + [section], others, body)
    }
  }

  private var observers: ArraySlice<Int> {
    accesses.filter {
      [.lockFailed, .seenLocked, .seenUnlocked].contains(program.events[$0].kind)
    }[...]
  }

  private func watch(
    _ rest: ArraySlice<Int>, _ sections: [Section], _ order: [Int],
    _ sources: [(read: Int, write: Int)], _ body: (Coherence.Choice) -> Void
  ) {
    guard let observer = rest.first else {
      var source = coherence.source
      for (read, write) in sources { source[read] = write }
      if coherence.isCoherent(order, among: accesses, source) {
        body(Coherence.Choice(order: order, sources: sources))
      }
      return
    }
    for write in candidates(for: observer, sections) {
      watch(rest.dropFirst(), sections, order, sources + [(observer, write)], body)
    }
  }

  private func candidates(for observer: Int, _ sections: [Section]) -> [Int] {
    let thread = program.threads[observer]
    let own = sections.last { program.isBefore($0.start, observer) }
    let isInside = own.map { $0.end.map { observer < $0 } ?? true } ?? false
    if program.events[observer].kind == .seenUnlocked {
      if isInside { return [] }
      let initial = accesses.filter { program.threads[$0] < 0 }
      let ownEnd = own?.end.map { [$0] } ?? []
      return initial + ownEnd
        + sections.compactMap(\.end).filter { program.threads[$0] != thread }
    }
    if isInside { return own.map { [$0.start] } ?? [] }
    return sections.map(\.start).filter { program.threads[$0] != thread }
  }
}
