import Litmus

/// A random litmus test around a cycle: thread i first uses variable i, then variable i + 1, with
/// something between that may or may not order the two.
///
/// Whether the cycle is forbidden depends on every one of these, so a checker that gets one wrong
/// finds other states.
struct GeneratedCycle {
  private var dice: Dice

  init(seed: Int) { dice = Dice(seed: UInt64(seed) &+ 77) }

  mutating func make(_ name: String) -> LitmusTest {
    let count = 2 + dice.roll(3) / 2
    let names = (0..<count).map { "v\($0)" }
    let shared = names + ["p", "q", "s", "t"]
    var threads: [LitmusThread] = []
    var observed: [LitmusObservable] = names.map { .variable($0) }
    for number in 0..<count {
      var thread = CycleThread(
        first: names[number], second: names[(number + 1) % count], dice: dice)
      let body = thread.body()
      dice = thread.dice
      threads.append(LitmusThread(shared, body))
      for register in thread.registers {
        observed.append(.register(LitmusRegister(number, register)))
      }
    }
    return LitmusTest(name, threads: threads, locations: observed)
  }
}

private struct CycleThread {
  let first: String
  let second: String
  var dice: Dice
  private(set) var registers: [String] = []

  init(first: String, second: String, dice: Dice) {
    self.first = first
    self.second = second
    self.dice = dice
  }

  private mutating func access(_ place: String, reads: Bool, isPlain: Bool) -> LitmusStatement {
    guard reads else { return .store(isPlain ? .plain : .once, place, 1 + dice.roll(2)) }
    registers.append("r\(registers.count)")
    return .load("r\(registers.count - 1)", isPlain ? .plain : .once, place)
  }

  mutating func body() -> [LitmusStatement] {
    let firstReads = dice.roll(2) == 0
    let secondReads = dice.roll(2) == 0
    let firstIsPlain = dice.roll(12) == 0
    let secondIsPlain = dice.roll(12) == 0
    let one = access(first, reads: firstReads, isPlain: firstIsPlain)
    if firstReads, !secondReads, !firstIsPlain, !secondIsPlain, dice.roll(2) == 0 {
      return dependent(one)
    }
    if firstReads, !firstIsPlain, dice.roll(5) == 0 {
      return acquiring(secondReads)
    }
    if !secondReads, dice.roll(4) == 0 { return [one, .store(.release, second, 1 + dice.roll(2))] }
    if dice.roll(5) == 0 { return updating(one, secondReads) }
    let other = access(second, reads: secondReads, isPlain: secondIsPlain)
    return separated(one, other)
  }

  private mutating func acquiring(_ secondReads: Bool) -> [LitmusStatement] {
    let other = access(second, reads: secondReads, isPlain: false)
    return [.load("r0", .acquire, first), other]
  }

  /// The store depends on the load: by its value, its address, or a branch.
  private mutating func dependent(_ load: LitmusStatement) -> [LitmusStatement] {
    let register = LitmusExpression.name(registers[0])
    let zero = LitmusExpression.binary(.exclusiveOr, register, register)
    let value = LitmusExpression.integer(1 + dice.roll(2))
    switch dice.roll(3) {
    case 0:
      return [
        load,
        LitmusStatement(.store(.once, address: .name(second), .binary(.add, zero, value))),
      ]
    case 1:
      return [
        load,
        LitmusStatement(.store(.once, address: .binary(.add, .name(second), zero), value)),
      ]
    default:
      return [
        load,
        LitmusStatement(
          .branch(register, then: [.store(.once, second, 1)], otherwise: [])),
      ]
    }
  }

  private mutating func updating(_ one: LitmusStatement, _ reads: Bool) -> [LitmusStatement] {
    let ordering = LitmusOrdering.allCases[dice.roll(4)]
    registers.append("r\(registers.count)")
    let register = registers[registers.count - 1]
    let operation: LitmusUpdate =
      switch dice.roll(3) {
      case 0: .exchange(.integer(3))
      case 1: .compareExchange(expected: .integer(0), new: .integer(4))
      default: .compute(.add, .integer(1), returns: .old)
      }
    return [
      one,
      LitmusStatement(
        .assign(register, .update(operation, address: .name(second), ordering))),
    ]
  }

  private mutating func separated(
    _ one: LitmusStatement, _ other: LitmusStatement
  ) -> [LitmusStatement] {
    func locked(_ lock: String, _ inside: [LitmusStatement]) -> [LitmusStatement] {
      [LitmusStatement(.lock(.name(lock)))] + inside + [LitmusStatement(.unlock(.name(lock)))]
    }
    let count = LitmusStatement(
      .evaluate(
        .update(
          .compute(.add, .integer(1), returns: .nothing), address: .name("q"), .relaxed)))
    switch dice.roll(15) {
    case 0: return [one, other]
    case 1, 2: return [one, .barrier(.full), other]
    case 3, 4: return [one, .barrier(.read), other]
    case 5, 6: return [one, .barrier(.write), other]
    case 7: return [one, LitmusStatement(.waitForGracePeriod), other]
    case 8, 9:
      return [LitmusStatement(.enterReadSection), one, other, LitmusStatement(.leaveReadSection)]
    case 10: return locked("s", [one, other])
    case 11: return locked("s", [one]) + locked("t", [other])
    case 12: return locked("s", [one]) + locked("s", [other])
    case 13: return [one, .barrier(.beforeAtomic), count, other]
    default: return [one, count, .barrier(.afterAtomic), other]
    }
  }
}
