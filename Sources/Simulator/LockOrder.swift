import Machine

/// The order in which one run takes its locks, by class, as the kernel's lockdep keeps it.
///
/// A run follows one schedule and so hardly ever deadlocks. The order tells of schedules that
/// would: two classes taken both ways round, or a class taken in an interrupt handler although
/// somebody holds it, or a class that leads to it, where that interrupt may come.
///
/// A class is a name and a subclass. A region that must end in a signal, or in which memory is
/// taken back, is held like a lock.
struct LockOrder {
  /// A lock or region that a thread holds.
  struct Held {
    let lock: UInt
    let number: Int
  }

  private struct Class {
    let name: String
    /// Who took it in an interrupt handler, in words.
    var inInterrupt: String?
    /// Who held it with interrupts on, in words.
    var interruptible: String?
    /// What was taken while it was held, and by whom.
    var after: [(number: Int, sentence: String)] = []
  }

  private var classes: [Class] = []
  private var numbers: [String: Int] = [:]
  private var classOfLock: [UInt: String] = [:]

  /// What was broken, in words; only the first, as the order is of no use after it.
  private(set) var problem: String?

  /// How many classes were taken, and how many pairs of one inside another were seen.
  var summary: (classCount: Int, pairCount: Int) {
    (classes.count, classes.reduce(0) { $0 + $1.after.count })
  }

  // MARK: - What happens

  /// A lock has its class from here on; memory that is used again gets a new one.
  mutating func name(_ lock: LockClass) { classOfLock[lock.lock] = "a lock of class \(lock.name)" }

  /// A thread takes a lock, or begins to wait for it.
  ///
  /// - Parameter tried: Whether it would not wait, so that it cannot be part of a deadlock.
  mutating func acquired(_ step: LockStep, tried: Bool, by thread: VirtualThread) {
    guard problem == nil, !thread.isHidden else { return }
    let taken = number(of: step)
    let name = classes[taken].name
    if thread.context == .interrupt, !tried, classes[taken].inInterrupt == nil {
      classes[taken].inInterrupt = "\(thread.name) takes \(name) in an interrupt"
      checkInterrupts()
    }
    if thread.canBeInterrupted, classes[taken].interruptible == nil {
      classes[taken].interruptible = "\(thread.name) takes \(name) with interrupts on"
      checkInterrupts()
    }
    if !tried { nest(taken, by: thread, "takes \(name)") }
    thread.locksHeld.append(Held(lock: step.lock, number: taken))
  }

  mutating func released(_ lock: UInt, by thread: VirtualThread) {
    guard let index = thread.locksHeld.lastIndex(where: { $0.lock == lock }) else { return }
    thread.locksHeld.remove(at: index)
  }

  /// A thread allows interrupts again, perhaps with locks held.
  mutating func interruptsEnabled(by thread: VirtualThread) {
    guard problem == nil, !thread.isHidden, thread.canBeInterrupted else { return }
    for held in thread.locksHeld where classes[held.number].interruptible == nil {
      classes[held.number].interruptible =
        "\(thread.name) switches interrupts on while it holds \(classes[held.number].name)"
      checkInterrupts()
    }
  }

  /// Something that counts without being a step on a lock.
  mutating func note(_ note: LockOrderNote, by thread: VirtualThread) {
    switch note {
    case .taken(let step): acquired(step, tried: false, by: thread)
    case .takenInAnyOrder(let step): acquired(step, tried: true, by: thread)
    case .givenBack(let lock): released(lock, by: thread)
    case .mayWaitForFence: may("waits for a fence", .signaling, thread)
    case .mayReclaim: may("allocates with reclaim", .reclaim, thread)
    case .reclaims(true): enter(.reclaim, thread)
    case .reclaims(false): leave(.reclaim, thread)
    case .rule(let outer, let inner, let reason):
      learn(number(of: inner), inside: number(of: outer), "\(reason)")
    }
  }

  /// A section begins that must end in a signal; a nested one says nothing new, and code that
  /// cannot sleep waits for nobody.
  mutating func enterSignaling(_ thread: VirtualThread) {
    thread.signalingDepth += 1
    if thread.signalingDepth == 1, !thread.isAtomic { enter(.signaling, thread) }
  }

  mutating func leaveSignaling(_ thread: VirtualThread) {
    thread.signalingDepth -= 1
    if thread.signalingDepth == 0 { leave(.signaling, thread) }
  }

  // MARK: - Classes and regions

  private mutating func number(of step: LockStep) -> Int {
    let name = classOfLock[step.lock] ?? "a lock without a class"
    return number(of: step.subclass == 0 ? name : "\(name), subclass \(step.subclass)")
  }

  private mutating func number(of party: LockOrderNote.Party) -> Int {
    switch party {
    case .lock(let name): number(of: "a lock of class \(name)")
    case .signaling: number(of: "a signaling section")
    case .reclaim: number(of: "the reclaim of memory")
    }
  }

  private mutating func number(of name: String) -> Int {
    if let number = numbers[name] { return number }
    classes.append(Class(name: name))
    numbers[name] = classes.count - 1
    return classes.count - 1
  }

  /// No lock lies at the addresses below a page, so a region's number can stand for one.
  private mutating func enter(_ region: LockOrderNote.Party, _ thread: VirtualThread) {
    guard !thread.isHidden else { return }
    let number = number(of: region)
    thread.locksHeld.append(Held(lock: UInt(number), number: number))
  }

  private mutating func leave(_ region: LockOrderNote.Party, _ thread: VirtualThread) {
    released(UInt(number(of: region)), by: thread)
  }

  /// Whoever waits for a region's end waits for everybody else's, not for its own.
  private mutating func may(
    _ what: String, _ region: LockOrderNote.Party, _ thread: VirtualThread
  ) {
    guard !thread.isHidden else { return }
    nest(number(of: region), by: thread, what, butItself: true)
  }
}

// MARK: - Rules

extension LockOrder {
  private mutating func nest(
    _ taken: Int, by thread: VirtualThread, _ what: String, butItself: Bool = false
  ) {
    for outer in thread.locksHeld where !(butItself && outer.number == taken) {
      learn(
        taken, inside: outer.number,
        "\(thread.name) \(what) while it holds \(classes[outer.number].name)")
    }
  }

  private mutating func learn(_ taken: Int, inside outer: Int, _ sentence: String) {
    guard problem == nil, !classes[outer].after.contains(where: { $0.number == taken }) else {
      return
    }
    classes[outer].after.append((taken, sentence))
    // A class inside itself is a way back without a step.
    if let back = path(from: taken, to: outer) { return report(back + [sentence]) }
    checkInterrupts()
  }

  /// The fewest pairs that lead from one class to another, in words; none where they are the same.
  private func path(from start: Int, to end: Int) -> [String]? {
    var paths: [Int: [String]] = [start: []]
    var frontier = [start]
    while !frontier.isEmpty {
      var next: [Int] = []
      for number in frontier {
        let way = paths[number] ?? []
        if number == end { return way }
        for pair in classes[number].after where paths[pair.number] == nil {
          paths[pair.number] = way + [pair.sentence]
          next.append(pair.number)
        }
      }
      frontier = next
    }
    return nil
  }

  /// Whoever holds a class is interrupted by a handler that waits for another, whose holder waits
  /// for the first.
  private mutating func checkInterrupts() {
    for handled in classes.indices {
      guard let handler = classes[handled].inInterrupt else { continue }
      for open in classes.indices {
        guard let holder = classes[open].interruptible, let way = path(from: handled, to: open)
        else { continue }
        return report([handler] + way + [holder])
      }
    }
  }

  private mutating func report(_ sentences: [String]) {
    if problem == nil { problem = sentences.joined(separator: "; ") }
  }
}

extension VirtualThread {
  /// Whether a hard interrupt can come upon it now.
  fileprivate var canBeInterrupted: Bool { context != .interrupt && interruptsOff == 0 }
}
