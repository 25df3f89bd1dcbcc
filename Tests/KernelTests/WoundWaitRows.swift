import Kernel
import Machine
import Testing

/// The rows of the kernel's `test-ww_mutex` module, under their own names, for both rules.
///
/// Fewer locks and rounds than there, so that the suite takes seconds.
@Suite(.serialized)
struct WoundWaitRows {
  @Test(arguments: Families.rules, 0..<8)
  func `test-ww_mutex: test_mutex`(rule: WoundWaitClass.Rule, flags: Int) throws {
    let (tries, hasContext) = (flags & 2 != 0, flags & 4 != 0)
    let row = MutexRow.make(locks: 1)
    let context = hasContext ? AcquireContext.make(of: Families.of(rule)) : nil
    try row[0].record.lock(context)
    let isMine = Machine.permanent(Word<UInt32>(0))
    let worker = KernelThread.start("worker") {
      row.isReady.record.store(1, .release, edge: "test.ready")
      if tries {
        while !row[0].record.tryLock() {}
      } else {
        Machine.expect(MutexPair.outcome(of: row[0].record, nil) == nil, "it gets the lock")
      }
      isMine.record.store(1, .release, edge: "test.mine")
      row[0].record.unlock()
    }
    Machine.spin(until: row.isReady.record.equals(1, .acquire, edge: "test.ready"))
    for _ in 0..<10_000 {
      // The lock is held here, so however long this looks, the worker does not get it.
      if isMine.record.load(.acquire, edge: "test.mine") != 0 { break }
    }
    #expect(isMine.record.load(.acquire, edge: "test.mine") == 0)
    row[0].record.unlock()
    worker.join()
    #expect(isMine.record.load(.acquire, edge: "test.mine") == 1)
    end(context)
    row.free()
  }

  @Test(arguments: Families.rules, [false, true])
  func `test-ww_mutex: test_aa`(rule: WoundWaitClass.Rule, tries: Bool) throws {
    let row = MutexRow.make(locks: 1)
    let context = AcquireContext.make(of: Families.of(rule))
    if tries {
      let isTaken = row[0].record.tryLock(context)
      #expect(isTaken)
    } else {
      #expect(MutexPair.outcome(of: row[0].record, context) == nil)
    }
    let isTakenAgain = row[0].record.tryLock()
    let isTakenBySame = row[0].record.tryLock(context)
    #expect(!isTakenAgain && !isTakenBySame)
    #expect(MutexPair.outcome(of: row[0].record, context) == .already)
    row[0].record.unlock()
    end(context)
    row.free()
  }

  @Test(arguments: Families.rules, [(false, false), (false, true), (true, false), (true, true)])
  func `test-ww_mutex: test_abba`(
    rule: WoundWaitClass.Rule, how: (tries: Bool, resolves: Bool)
  ) throws {
    let row = MutexRow.make(locks: 2)
    let worker = KernelThread.start("worker") {
      row.crossOver(from: 1, to: 0, rule, tries: how.tries, resolves: how.resolves)
    }
    row.crossOver(from: 0, to: 1, rule, tries: how.tries, resolves: how.resolves)
    worker.join()
    let refusals = row.refusals.record.load(.relaxed)
    #expect(refusals >= 1)
    row.free()
  }

  @Test(arguments: Families.rules, 2...4)
  func `test-ww_mutex: test_cycle`(rule: WoundWaitClass.Rule, count: Int) {
    let row = MutexRow.make(locks: count)
    let threads = (0..<count).map { number in
      KernelThread.start("worker \(number)") {
        row.takeInTurn([number, (number + 1) % count], rule, moves: false)
      }
    }
    for thread in threads { thread.join() }
    #expect(row.completions.record.load(.relaxed) == UInt32(count))
    row.free()
  }

  @Test(arguments: Families.rules)
  func `test-ww_mutex: stress in-order`(rule: WoundWaitClass.Rule) {
    stress(rule, locks: 16, rounds: 100) { row, random in
      row.takeInTurn((0..<16).shuffled(using: &random), rule, moves: false)
    }
  }

  @Test(arguments: Families.rules)
  func `test-ww_mutex: stress reorder`(rule: WoundWaitClass.Rule) {
    stress(rule, locks: 16, rounds: 100) { row, random in
      row.takeInTurn((0..<16).shuffled(using: &random), rule, moves: true)
    }
  }

  @Test(arguments: Families.rules)
  func `test-ww_mutex: stress all`(rule: WoundWaitClass.Rule) {
    stress(rule, locks: 256, rounds: 20) { row, random in
      switch UInt.random(in: 0..<3, using: &random) {
      case 0: row.takeInTurn((0..<256).shuffled(using: &random), rule, moves: false)
      case 1: row.takeInTurn((0..<256).shuffled(using: &random), rule, moves: true)
      default:
        row.takeAlone(Int.random(in: 0..<256, using: &random))
      }
    }
  }

  private func stress(
    _ rule: WoundWaitClass.Rule, locks: Int, rounds: Int,
    _ body: @escaping @Sendable (MutexRow, inout SeededNumbers) -> Void
  ) {
    let row = MutexRow.make(locks: locks)
    let threads = (0..<4).map { number in
      KernelThread.start("worker \(number)") {
        var random = SeededNumbers(seed: UInt64(number) + 1)
        for _ in 0..<rounds { body(row, &random) }
      }
    }
    for thread in threads { thread.join() }
    #expect(row.completions.record.load(.relaxed) == UInt32(4 * rounds))
    row.free()
  }

  private func end(_ context: Object<AcquireContext>?) {
    guard let context else { return }
    context.record.finish()
    Machine.free(context)
  }
}

/// Mutexes of one class in a row, and what their users count.
struct MutexRow: Sendable {
  let locks: [Object<WoundWaitMutex>]
  let isReady = Machine.allocate(Word<UInt32>(0))
  let refusals = Machine.allocate(Word<UInt32>(0))
  let completions = Machine.allocate(Word<UInt32>(0))

  static func make(locks count: Int) -> MutexRow {
    MutexRow(
      locks: (0..<count).map { _ in
        let lock = Machine.allocate(WoundWaitMutex())
        lock.record.initialise()
        return lock
      })
  }

  subscript(_ index: Int) -> Object<WoundWaitMutex> { locks[index] }

  func free() {
    for lock in locks { Machine.free(lock) }
    for word in [isReady, refusals, completions] { Machine.free(word) }
  }

  /// Holds one lock until another thread holds another, and then wants that.
  func crossOver(
    from first: Int, to second: Int, _ rule: WoundWaitClass.Rule, tries: Bool, resolves: Bool
  ) {
    let context = AcquireContext.make(of: Families.of(rule))
    if tries {
      Machine.expect(locks[first].record.tryLock(context), "the lock is free")
    } else {
      Machine.expect(MutexPair.outcome(of: locks[first].record, context) == nil, "it is free")
    }
    Machine.expect(locks[first].record.holdingContext == context, "the holder is this context")
    _ = isReady.record.fetchAdd(1, .release, edge: "test.ready")
    Machine.spin(until: isReady.record.equals(2, .acquire, edge: "test.ready"))
    var held = [first]
    switch MutexPair.outcome(of: locks[second].record, context) {
    case nil: held.append(second)
    case .deadlock:
      _ = refusals.record.fetchAdd(1, .relaxed)
      guard resolves else { break }
      locks[first].record.unlock()
      Machine.expect(outcomeOfSlowLock(second, context) == nil, "the slow lock succeeds")
      Machine.expect(MutexPair.outcome(of: locks[first].record, context) == nil, "and the other")
      held = [second, first]
    default: Machine.expect(false, "only giving way may be asked for")
    }
    // The first lock last: whoever waits for it, having given way, wants the other one next.
    for lock in held.reversed() { locks[lock].record.unlock() }
    context.record.finish()
    Machine.free(context)
  }

  /// Takes several locks in the order given, backing off as often as told.
  ///
  /// - Parameter moves: Whether the lock that was refused comes first from then on.
  func takeInTurn(_ order: [Int], _ rule: WoundWaitClass.Rule, moves: Bool) {
    takeInTurn(order, AcquireContext.make(of: Families.of(rule)), moves: moves)
  }

  /// The same with a context, which ends.
  func takeInTurn(_ order: [Int], _ context: Object<AcquireContext>, moves: Bool) {
    var order = order
    var contended: Int?
    attempt: while true {
      var held: [Int] = []
      if let first = contended {
        Machine.expect(outcomeOfSlowLock(first, context) == nil, "the slow lock succeeds")
        held.append(first)
      }
      for lock in order where lock != contended {
        let failure = MutexPair.outcome(of: locks[lock].record, context)
        guard failure != nil else {
          held.append(lock)
          continue
        }
        Machine.expect(failure == .deadlock, "only giving way may be asked for")
        for other in held { locks[other].record.unlock() }
        if moves, let index = order.firstIndex(of: lock) {
          order.insert(order.remove(at: index), at: 0)
        }
        contended = lock
        continue attempt
      }
      for lock in held { locks[lock].record.unlock() }
      break
    }
    _ = completions.record.fetchAdd(1, .relaxed)
    context.record.finish()
    Machine.free(context)
  }

  /// Takes one lock without a context.
  func takeAlone(_ index: Int) {
    Machine.expect(MutexPair.outcome(of: locks[index].record, nil) == nil, "alone never fails")
    locks[index].record.unlock()
    _ = completions.record.fetchAdd(1, .relaxed)
  }

  private func outcomeOfSlowLock(_ index: Int, _ context: Object<AcquireContext>) -> Errno? {
    do throws(Errno) {
      try locks[index].record.lockSlowly(context)
      return nil
    } catch {
      return error
    }
  }
}

/// Numbers that are the same every time.
private struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
