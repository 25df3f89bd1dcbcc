import Litmus

/// Random numbers that are the same in every run.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func roll(_ sides: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int((state >> 33) % UInt64(sides))
  }
}

/// A small random litmus test: two or three threads with a few accesses, updates, barriers,
/// critical and read sections, branches and dependencies.
struct GeneratedTest {
  private var dice: Dice
  private var registers = 0
  private let marked = ["x", "y"]

  init(seed: Int) { dice = Dice(seed: UInt64(seed) &+ 1) }

  mutating func make(_ name: String) -> LitmusTest {
    let count = 2 + dice.roll(5) / 4
    let stepsMax = count == 2 ? 3 : 2
    var observed: [LitmusObservable] = ["x", "y", "p"].map { .variable($0) }
    var threads: [LitmusThread] = []
    for number in 0..<count {
      registers = 0
      var body: [LitmusStatement] = []
      for _ in 0..<(1 + dice.roll(stepsMax)) { body += step() }
      threads.append(LitmusThread(["x", "y", "p", "s"], body))
      for register in 0..<registers {
        observed.append(.register(LitmusRegister(number, "r\(register)")))
      }
    }
    return LitmusTest(name, threads: threads, locations: observed)
  }

  private mutating func step() -> [LitmusStatement] {
    switch dice.roll(16) {
    case 0, 1, 2: [load()]
    case 3, 4, 5: [store()]
    case 6: [.barrier([.full, .read, .write, .full][dice.roll(4)])]
    case 7, 8: [update()]
    case 9: locked()
    case 10: readSection()
    case 11: [LitmusStatement(.waitForGracePeriod)]
    case 12: dependentStore()
    case 13: branch()
    case 14: plain()
    default: [atomicBetweenBarriers()].flatMap { $0 }
    }
  }

  private mutating func variable() -> String { marked[dice.roll(2)] }

  private mutating func register() -> String {
    registers += 1
    return "r\(registers - 1)"
  }

  private mutating func load() -> LitmusStatement {
    let kind: LitmusLoad = dice.roll(3) == 0 ? .acquire : .once
    let place = variable()
    return .load(register(), kind, place)
  }

  private mutating func store() -> LitmusStatement {
    .store(dice.roll(3) == 0 ? .release : .once, variable(), 1 + dice.roll(2))
  }

  private mutating func update() -> LitmusStatement {
    let ordering = LitmusOrdering.allCases[dice.roll(4)]
    let place = LitmusExpression.name(variable())
    let operation: LitmusUpdate =
      switch dice.roll(4) {
      case 0: .exchange(.integer(3))
      case 1: .compareExchange(expected: .integer(dice.roll(2)), new: .integer(4))
      case 2: .compute(.add, .integer(1), returns: .nothing)
      default: .compute(.add, .integer(1), returns: .old)
      }
    if case .compute(_, _, .nothing) = operation {
      return LitmusStatement(.evaluate(.update(operation, address: place, .relaxed)))
    }
    return .assign(register(), .update(operation, address: place, ordering))
  }

  private mutating func locked() -> [LitmusStatement] {
    let inside = dice.roll(2) == 0 ? load() : store()
    var statements = [LitmusStatement(.lock(.name("s")))]
    if dice.roll(4) == 0 { statements.append(.barrier(.afterSpinlock)) }
    return statements + [inside, LitmusStatement(.unlock(.name("s")))]
  }

  private mutating func readSection() -> [LitmusStatement] {
    let inside = [dice.roll(2) == 0 ? load() : store(), load()]
    return [LitmusStatement(.enterReadSection)] + inside + [LitmusStatement(.leaveReadSection)]
  }

  private mutating func dependentStore() -> [LitmusStatement] {
    let name = register()
    let from = variable()
    return [
      .load(name, .once, from),
      LitmusStatement(
        .store(.once, address: .name(variable()), .binary(.add, .name(name), .integer(1)))),
    ]
  }

  private mutating func branch() -> [LitmusStatement] {
    let name = register()
    let from = variable()
    return [
      .load(name, .once, from),
      LitmusStatement(.branch(.name(name), then: [store()], otherwise: [])),
    ]
  }

  private mutating func plain() -> [LitmusStatement] {
    dice.roll(2) == 0 ? [.store(.plain, "p", 1)] : [.load(register(), .plain, "p")]
  }

  private mutating func atomicBetweenBarriers() -> [LitmusStatement] {
    let update = LitmusStatement(
      .evaluate(
        .update(
          .compute(.add, .integer(1), returns: .nothing), address: .name(variable()), .relaxed)))
    return dice.roll(2) == 0
      ? [.barrier(.beforeAtomic), update] : [update, .barrier(.afterAtomic)]
  }
}
