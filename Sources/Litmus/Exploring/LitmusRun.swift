internal import Machine

/// A value of a register, and the loads it was computed from.
struct LitmusTracked {
  var bits: UInt64 = 0
  var loads: UInt64 = 0
}

/// Performs one thread of a litmus test on the machine.
// Safety: a run belongs to one virtual thread, and all of them to one OS thread.
final class LitmusRun: @unchecked Sendable {
  private let words: LitmusWords
  private(set) var registers: [String: LitmusTracked]
  /// How many reads the thread has made: the number of the next one.
  private var loadCount = 0
  /// The loads that decided the branches around this place.
  private var control: UInt64 = 0

  init(_ words: LitmusWords, _ registers: [String: UInt64]) {
    self.words = words
    self.registers = registers.mapValues { LitmusTracked(bits: $0) }
  }

  func perform(_ body: [LitmusStatement]) { for statement in body { perform(statement.action) } }

  private func perform(_ action: LitmusAction) {
    switch action {
    case .assign(let register, let value): registers[register] = evaluate(value)
    case .store(let kind, let address, let value):
      let place = evaluate(address)
      store(kind, at: place, evaluate(value))
    case .storeThenBarrier(let address, let value):
      let place = evaluate(address)
      store(.once, at: place, evaluate(value))
      Machine.barrier(.full, edge: .none)
    case .barrier(let barrier): Machine.barrier(barrier.kind, edge: .none)
    case .lock(let lock):
      _ = Conductor.perform(.acquire(step(lock)))
      loadCount += 1
    case .unlock(let lock): _ = Conductor.perform(.release(step(lock)))
    case .enterReadSection: _ = Conductor.perform(.enter(.rcuRead))
    case .leaveReadSection: _ = Conductor.perform(.exit(.rcuRead))
    case .waitForGracePeriod: _ = Conductor.perform(.gracePeriod)
    case .branch(let condition, let then, let otherwise):
      let decided = evaluate(condition)
      let outer = control
      control |= decided.loads
      perform(decided.bits != 0 ? then : otherwise)
      control = outer
    case .evaluate(let expression): _ = evaluate(expression)
    }
  }

  /// A lock that sleeps keeps no grace period waiting, as in the model.
  private func step(_ lock: LitmusExpression) -> LockStep {
    LockStep(lock: UInt(evaluate(lock).bits), kind: .sleeping)
  }

  // MARK: - Expressions

  private func evaluate(_ expression: LitmusExpression) -> LitmusTracked {
    switch expression {
    case .integer(let number): return LitmusTracked(bits: UInt64(bitPattern: Int64(number)))
    case .name(let name):
      return registers[name]
        ?? LitmusTracked(bits: words.address(of: name) ?? 0)
    case .load(let kind, let address): return load(kind, at: evaluate(address))
    case .unary(let sign, let operand):
      let value = evaluate(operand)
      return LitmusTracked(bits: sign.apply(value.bits), loads: value.loads)
    case .binary(let sign, let left, let right):
      let one = evaluate(left)
      let other = evaluate(right)
      return LitmusTracked(bits: sign.apply(one.bits, other.bits), loads: one.loads | other.loads)
    case .conditional(let condition, let then, let otherwise):
      let decided = evaluate(condition)
      var value = evaluate(decided.bits != 0 ? then : otherwise)
      value.loads |= decided.loads
      return value
    case .update(let update, let address, let ordering):
      return perform(update, at: evaluate(address), ordering)
    case .tryLock(let lock):
      let taken = Conductor.perform(.tryAcquire(step(lock))) ?? 0
      return didLoad(taken)
    case .isLocked(let lock):
      return didLoad(Conductor.perform(.isHeld(lock: UInt(evaluate(lock).bits))) ?? 0)
    }
  }

  private func didLoad(_ bits: UInt64) -> LitmusTracked {
    let number = loadCount
    loadCount += 1
    return LitmusTracked(bits: bits, loads: number < 64 ? 1 << UInt64(number) : 0)
  }

  // MARK: - Accesses

  private func load(_ kind: LitmusLoad, at place: LitmusTracked) -> LitmusTracked {
    let access = Access(
      address: UInt(place.bits), width: 8, kind: .load, mark: kind == .plain ? .plain : .marked,
      loadOrdering: kind == .acquire ? .acquire : .relaxed,
      dependencies: Dependencies(address: place.loads, control: control))
    return didLoad(Conductor.perform(.access(access)) ?? 0)
  }

  private func store(_ kind: LitmusStore, at place: LitmusTracked, _ value: LitmusTracked) {
    let access = Access(
      address: UInt(place.bits), width: 8, kind: .store, mark: kind == .plain ? .plain : .marked,
      storeOrdering: kind == .release ? .release : .relaxed, operand: value.bits,
      dependencies: Dependencies(address: place.loads, data: value.loads, control: control))
    _ = Conductor.perform(.access(access))
  }

  private func perform(
    _ update: LitmusUpdate, at place: LitmusTracked, _ ordering: LitmusOrdering
  ) -> LitmusTracked {
    switch update {
    case .exchange(let value):
      return self.update(.exchange, at: place, evaluate(value), ordering)
    case .compareExchange(let expected, let new):
      let wanted = evaluate(expected)
      return self.update(.compareExchange, at: place, evaluate(new), ordering, expected: wanted)
    case .compute(let sign, let operand, let result):
      let amount = evaluate(operand)
      let old = compute(sign, at: place, amount, ordering, returnsNothing: result == .nothing)
      let new = sign.apply(old.bits, amount.bits)
      return LitmusTracked(
        bits: result.value(old: old.bits, new: new), loads: old.loads | amount.loads)
    case .tryCompareExchange, .addIf:
      preconditionFailure("this update is not explored; see LitmusTest.canBeExplored")
    }
  }

  private func compute(
    _ sign: LitmusBinaryOperator, at place: LitmusTracked, _ amount: LitmusTracked,
    _ ordering: LitmusOrdering, returnsNothing: Bool
  ) -> LitmusTracked {
    switch sign {
    case .add: update(.add, at: place, amount, ordering, returnsNothing: returnsNothing)
    case .subtract:
      update(
        .add, at: place, LitmusTracked(bits: 0 &- amount.bits, loads: amount.loads), ordering,
        returnsNothing: returnsNothing)
    case .and: update(.and, at: place, amount, ordering, returnsNothing: returnsNothing)
    case .or: update(.or, at: place, amount, ordering, returnsNothing: returnsNothing)
    default: preconditionFailure("this update is not explored; see LitmusTest.canBeExplored")
    }
  }

  private func update(
    _ kind: Access.Kind, at place: LitmusTracked, _ operand: LitmusTracked,
    _ ordering: LitmusOrdering, expected: LitmusTracked = LitmusTracked(),
    returnsNothing: Bool = false
  ) -> LitmusTracked {
    // What is computed from the old value depends on the read half.
    let ownLoad: UInt64 =
      kind == .exchange || kind == .compareExchange || loadCount > 63 ? 0 : 1 << UInt64(loadCount)
    let access = Access(
      address: UInt(place.bits), width: 8, kind: kind,
      mark: returnsNothing ? .markedWithoutResult : .marked,
      loadOrdering: ordering == .acquire || ordering == .full ? .acquire : .relaxed,
      storeOrdering: ordering == .release || ordering == .full ? .release : .relaxed,
      isFullBarrier: ordering == .full && !returnsNothing, operand: operand.bits,
      expected: expected.bits,
      dependencies: Dependencies(
        address: place.loads, data: operand.loads | ownLoad, control: control))
    return didLoad(Conductor.perform(.access(access)) ?? 0)
  }
}
