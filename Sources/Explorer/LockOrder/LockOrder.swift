internal import Machine

/// The order in which locks are taken, by class, over all executions of one exploration.
///
/// A state that every engine feeds and that judges nothing but classes: it knows no schedule. So it
/// reports an order that can deadlock even if no schedule of this program does, as the kernel's
/// lockdep would. What a schedule really runs into is the engines' to report, and comes first.
///
/// A lock class and a subclass together are one class here, as in lockdep.
struct LockOrder {
  /// Whoever takes a lock or gives it back.
  struct Taker {
    /// The number of its virtual thread; the setup and the final claims, number 0, do not count.
    var thread: Int
    var name: String
    var context: Spawn.Context
    /// Whether an interrupt could come.
    var hasInterruptsOn: Bool
    /// Whether a softirq could come.
    var hasSoftirqsOn: Bool
    /// Whether it must not sleep anyway.
    var isAtomic = false
  }

  struct Held {
    var lock: UInt
    var id: Int
  }

  /// What is known of one class.
  struct Class {
    var name: LockClassName
    /// Who took or held it first in each of these ways, in words.
    var uses: [LockFact.Kind: String] = [:]
    /// The classes that were taken while this one was held.
    var after: [Edge] = []
  }

  /// That a class was taken while another was held.
  struct Edge {
    var next: Int
    /// Who did, in words.
    var sentence: String
  }

  /// The first order that was broken; the last fact broke it.
  var finding: Failure?
  /// Everything that was seen, oldest first.
  private(set) var facts: [LockFact] = []
  /// By the number that `names` gives them.
  var classes: [Class] = []
  var names = LockClassNames()
  /// For each thread the locks it holds, oldest first.
  ///
  /// Those of an interrupted task are not the handler's.
  var held = [[Held]](repeating: [], count: Limits.threadCountMax)

  /// For each thread how many signaling sections it is in.
  var signalingDepths = [Int](repeating: 0, count: Limits.threadCountMax)

  init(_ facts: [LockFact] = []) {
    for fact in facts { learn(fact) }
  }

  /// Forgets who holds what, and which lock is called how; the order stays.
  mutating func beginExecution() {
    for thread in held.indices {
      held[thread].removeAll(keepingCapacity: true)
      signalingDepths[thread] = 0
    }
    names.beginExecution()
  }

  /// Says how it came to the facts that are new.
  mutating func explainFacts(_ schedule: () -> SavedSchedule) {
    for index in facts.indices.reversed() {
      guard facts[index].schedule == nil else { return }
      facts[index].schedule = schedule()
    }
  }

  // MARK: - What happens

  mutating func name(_ lock: LockClass) { names.name(lock) }

  /// A lock was taken.
  ///
  /// - Parameter tried: Whether the taker would not have waited: then it cannot be the one who
  ///   waits in a deadlock.
  mutating func acquired(_ step: LockStep, tried: Bool, by taker: Taker, in arena: Arena) {
    guard finding == nil, taker.thread > 0 else { return }
    let (id, newName) = names.id(of: step, in: arena)
    if let newName { addClass(newName, id) }
    let takes = { [self] in "\(taker.name) takes \(classes[id].name.text)" }
    switch taker.context {
    case .task: break
    case .softirq: if !tried { use(.inSoftirq, id) { takes() + " in a softirq" } }
    case .interrupt: if !tried { use(.inInterrupt, id) { takes() + " in an interrupt" } }
    }
    if taker.hasInterruptsOn { use(.interruptible, id) { takes() + " with interrupts on" } }
    if taker.hasSoftirqsOn { use(.softirqable, id) { takes() + " with softirqs on" } }
    if !tried {
      for outer in held[taker.thread] { nest(id, inside: outer.id, taker) }
    }
    held[taker.thread].append(Held(lock: step.lock, id: id))
  }

  mutating func released(_ lock: UInt, by thread: Int) {
    guard finding == nil, thread > 0,
      let position = held[thread].lastIndex(where: { $0.lock == lock })
    else { return }
    held[thread].remove(at: position)
  }

  /// A thread allows interrupts or softirqs again; what it holds can now be interrupted.
  mutating func enabled(_ level: Level, by taker: Taker) {
    guard finding == nil, taker.thread > 0, level != .preemption else { return }
    for lock in held[taker.thread] {
      let name = classes[lock.id].name.text
      let sentence = { "\(taker.name) switches \(level) on while it holds \(name)" }
      if taker.hasInterruptsOn { use(.interruptible, lock.id, sentence) }
      if taker.hasSoftirqsOn { use(.softirqable, lock.id, sentence) }
    }
  }

  /// A lock of the class was taken or held in some way.
  private mutating func use(_ kind: LockFact.Kind, _ id: Int, _ sentence: () -> String) {
    if classes[id].uses[kind] == nil { see(kind, id, sentence()) }
  }

  private mutating func nest(_ id: Int, inside outer: Int, _ taker: Taker) {
    nest(id, inside: outer) {
      id == outer
        ? "\(taker.name) takes \($0) while it holds another of that class and subclass"
        : "\(taker.name) takes \($0) \($1)"
    }
  }

  /// - Parameter sentence: Is given what was taken, and inside what.
  mutating func nest(_ id: Int, inside outer: Int, _ sentence: (String, String) -> String) {
    guard !classes[outer].after.contains(where: { $0.next == id }) else { return }
    let name = classes[outer].name
    let inside = name.isRegion ? name.text : "while it holds \(name.text)"
    see(.nested, id, inside: outer, sentence(classes[id].name.text, inside))
  }

  private mutating func see(
    _ kind: LockFact.Kind, _ id: Int, inside outer: Int? = nil, _ sentence: String
  ) {
    learn(
      LockFact(
        kind: kind, taken: classes[id].name, outer: classes[outer ?? id].name, sentence: sentence))
  }

  mutating func addClass(_ name: LockClassName, _ id: Int) {
    if id == classes.count { classes.append(Class(name: name)) }
  }

  // MARK: - What is new

  /// Adds a fact, unless it is known or the order is broken already.
  mutating func learn(_ fact: LockFact) {
    guard finding == nil else { return }
    let taken = names.id(of: fact.taken)
    addClass(fact.taken, taken)
    let outer = names.id(of: fact.outer)
    addClass(fact.outer, outer)
    switch fact.kind {
    case .inInterrupt, .interruptible, .inSoftirq, .softirqable:
      guard classes[taken].uses[fact.kind] == nil else { return }
      classes[taken].uses[fact.kind] = fact.sentence
    case .nested:
      guard !classes[outer].after.contains(where: { $0.next == taken }) else { return }
      classes[outer].after.append(Edge(next: taken, sentence: fact.sentence))
    }
    facts.append(fact)
    if fact.kind == .nested { checkCycle(outer, taken, fact.sentence) }
    checkHandlers(taking: .inInterrupt, over: .interruptible, "lock-order/irq")
    checkHandlers(taking: .inSoftirq, over: .softirqable, "lock-order/softirq")
  }
}
