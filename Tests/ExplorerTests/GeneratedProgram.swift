import Explorer
import Kernel
import Machine

/// Small numbers from a seed: the same in every run.
struct Seeded {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func below(_ limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(limit))
  }
}

/// One operation of a generated program; words and locks by number.
enum Operation: Sendable {
  case load(Int), store(Int, UInt64), add(Int), exchangeIfZero(Int)
  case locked([Operation])
  case masked([Operation])
  case softirqsOff([Operation])
  /// Raises a softirq that does these.
  case raise([Operation])
  case unpreempted([Operation])
  case reading([Operation])
  case synchronize
  /// Hands over that a word is written after a grace period.
  case call(Int, UInt64)
  /// Waits for what was handed over.
  case callBarrier
  case spin(Int)
  case choose(Int)
  case wake(Int)
  case park(Int)
}

/// A program of a few threads over three words and one lock, made from a seed.
struct GeneratedProgram: Sendable {
  private(set) var threads: [(cpu: Int, context: Spawn.Context, body: [Operation])] = []

  /// A program written by hand.
  init(_ threads: [(cpu: Int, context: Spawn.Context, body: [Operation])]) {
    self.threads = threads
  }

  enum More { case nothing, softirqs, deferredCalls }

  var hasOneTaskPerCPU: Bool {
    let tasks = threads.filter { $0.context == .task }.map(\.cpu)
    return Set(tasks).count == tasks.count
  }

  /// - Parameters:
  ///   - waits: Whether threads may spin and sleep, which can end in an endless wait.
  ///   - more: What there is beside the other operations.
  init(seed: UInt64, waits: Bool, more: More = .nothing) {
    var random = Seeded(seed)
    let count = 2 + random.below(2)
    let budget = count == 2 ? 3 : 2
    for index in 0..<count {
      let cpu = random.below(3) == 0 ? 0 : index
      let kind = index > 0 ? random.below(4) : 3
      let other: Spawn.Context = kind == 1 && more == .softirqs ? .softirq : .task
      let context = kind == 0 ? .interrupt : other
      let body = (0..<(1 + random.below(budget))).map { _ in
        Self.operation(
          &random, depth: 0, isHandler: context != .task, waits: waits, more: more)
      }
      threads.append((cpu, context, body))
    }
  }

  private static func operation(
    _ random: inout Seeded, depth: Int, isHandler: Bool, waits: Bool, more: More
  ) -> Operation {
    let word = random.below(2)
    let kind = random.below(depth > 0 ? 6 : more == .nothing ? 14 : 20)
    func inner() -> [Operation] {
      (0..<(1 + random.below(2))).map { _ in
        operation(&random, depth: 1, isHandler: isHandler, waits: waits, more: more)
      }
    }
    switch kind {
    case 0, 1: return .load(word)
    case 2, 3: return .store(word, UInt64(1 + random.below(2)))
    case 4: return .add(word)
    case 5: return .exchangeIfZero(word)
    case 6: return .locked(inner())
    case 7: return .masked([.locked(inner())])
    case 8: return .unpreempted(inner())
    case 9: return .reading(inner())
    case 10: return isHandler ? .load(word) : .synchronize
    case 11: return waits ? .spin(word) : .choose(2)
    case 12: return waits ? .wake(2) : .load(word)
    case 13: return waits && !isHandler ? .park(2) : .store(word, 3)
    case 14...17 where more == .deferredCalls: return .call(word, UInt64(4 + random.below(3)))
    case 18... where more == .deferredCalls: return isHandler ? .load(word) : .callBarrier
    case 14...16: return .softirqsOff(inner())
    default: return .raise(inner())
    }
  }

  /// Explores the program and collects everything that its threads read, and what the words end as.
  func run(_ reduction: ExplorationOptions.Reduction, executionsMax: Int = 2_000) -> (
    ExplorationReport, Outcomes
  ) {
    let outcomes = Outcomes()
    var bounded = options(reduction)
    bounded.executionsMax = executionsMax
    let report = explore("generated", options: bounded) { lab in
      let world = lab.allocate(World())
      for (index, thread) in threads.enumerated() {
        let body: @Sendable () -> Void = {
          for operation in thread.body { perform(operation, world, thread: index) }
        }
        switch thread.context {
        case .task: lab.thread("P\(index)", cpu: thread.cpu, body)
        case .softirq: lab.softirq("P\(index)", cpu: thread.cpu, body)
        case .interrupt: lab.interrupt("P\(index)", cpu: thread.cpu, body)
        }
      }
      lab.finally {
        var values = (0..<3).map { world.record.word($0).record.load(.relaxed) }
        for index in 0..<3 { values.append(world.record.log(index).record.value) }
        outcomes.note(values)
        for index in 0..<3 { lab.free(world.record.word(index)) }
        for index in 0..<3 { lab.free(world.record.log(index)) }
        lab.free(world)
      }
    }
    return (report, outcomes)
  }
}

/// What a generated program shares.
///
/// Each thread writes down what it reads in a log of its own.
struct World: ~Copyable {
  let lock = SpinLock()
  let sleep = Word<UInt32>(0)
  private let words: (Object<Word<UInt64>>, Object<Word<UInt64>>, Object<Word<UInt64>>)
  private let logs: (Object<Cell<UInt64>>, Object<Cell<UInt64>>, Object<Cell<UInt64>>)

  init() {
    words = (
      Machine.allocate(Word(0)), Machine.allocate(Word(0)), Machine.allocate(Word(0))
    )
    logs = (
      Machine.allocate(Cell(0)), Machine.allocate(Cell(0)), Machine.allocate(Cell(0))
    )
  }

  func word(_ index: Int) -> Object<Word<UInt64>> {
    index == 0 ? words.0 : index == 1 ? words.1 : words.2
  }

  func log(_ index: Int) -> Object<Cell<UInt64>> {
    index == 0 ? logs.0 : index == 1 ? logs.1 : logs.2
  }
}

private func perform(_ operation: Operation, _ world: Object<World>, thread: Int) {
  func note(_ value: UInt64) {
    let log = world.record.log(thread)
    log.record.value = log.record.value &* 8 &+ value &+ 1
  }
  func all(_ operations: [Operation]) {
    for operation in operations { perform(operation, world, thread: thread) }
  }
  switch operation {
  case .load(let word): note(world.record.word(word).record.load(.relaxed))
  case .store(let word, let value): world.record.word(word).record.store(value, .relaxed)
  case .add(let word): note(world.record.word(word).record.fetchAdd(1, .full))
  case .exchangeIfZero(let word):
    note(world.record.word(word).record.compareExchange(0, with: 2, .full))
  case .locked(let inner):
    world.record.lock.lock()
    all(inner)
    world.record.lock.unlock()
  case .masked(let inner):
    Machine.disableInterrupts()
    all(inner)
    Machine.restoreInterrupts()
  case .softirqsOff(let inner):
    Machine.disableSoftirqs()
    all(inner)
    Machine.enableSoftirqs()
  case .raise(let inner):
    Softirq.raise("raised by P\(thread)") {
      for operation in inner { perform(operation, world, thread: thread) }
    }
  case .unpreempted(let inner):
    Machine.disablePreemption()
    all(inner)
    Machine.enablePreemption()
  case .reading(let inner):
    RCU.readLock()
    all(inner)
    RCU.readUnlock()
  case .synchronize: RCU.synchronize()
  case .call(let word, let value):
    RCU.call { world.record.word(word).record.store(value, .relaxed) }
  case .callBarrier: RCU.barrier()
  case .spin(let word):
    note(Machine.spin(until: world.record.word(word).record.differs(from: 0, .acquire)))
  case .choose(let limit): note(Machine.choose(below: UInt64(limit), "generated"))
  case .wake:
    world.record.sleep.store(1, .relaxed)
    Machine.wake(world.record.sleep)
  case .park:
    note(Machine.park(on: world.record.sleep, while: 0) ? 1 : 0)
  }
}
