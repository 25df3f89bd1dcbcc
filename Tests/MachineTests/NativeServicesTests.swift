import Machine
import Testing

/// What the machine does where nobody conducts it.
struct NativeServicesTests {
  @Test func `a sleeper wakes when the word has changed and somebody says so`() {
    let word = Machine.permanent(Word<UInt32>(0))
    let woken = Machine.permanent(Word<UInt32>(0))
    let sleepers = (0..<2).map { _ in
      OtherThread {
        while word.record.load(.acquire) == 0 { _ = Machine.park(on: word.record, while: 0) }
        _ = woken.record.fetchAdd(1, .relaxed)
      }
    }
    word.record.store(1, .release)
    Machine.wake(word.record)
    for sleeper in sleepers { sleeper.join() }
    #expect(woken.record.load(.relaxed) == 2)
  }

  @Test func `nobody sleeps on a word that differs already`() {
    let word = Word<UInt32>(7)
    #expect(Machine.park(on: word, while: 6) == true)
  }

  @Test func `a deadline that has passed ends the sleep`() {
    let word = Word<UInt32>(7)
    #expect(Machine.park(on: word, while: 7, deadline: Machine.clock()) == false)
    #expect(Machine.park(on: word, while: 7, deadline: Machine.clock() + 1000) == false)
  }

  @Test func `a deadline may pass while the sleep begins`() {
    let word = Word<UInt32>(7)
    var passed = 0
    for turn in 0..<4_000 as Range<UInt64> {
      // A difference that wraps around would end the process.
      if !Machine.park(on: word, while: 7, deadline: Machine.clock() + turn % 200) { passed += 1 }
    }
    #expect(passed > 0)
  }

  @Test func `the clock does not go back, and a delay is not shorter than asked`() {
    let begin = Machine.clock()
    #expect(Machine.clock() >= begin)
    Machine.delay(nanoseconds: 1000)
    #expect(Machine.clock() >= begin + 1000)
  }

  @Test(
    arguments: [
      .full, .read, .write, .compiler, .beforeAtomic, .afterAtomic, .afterSpinlock,
      .afterUnlockLock,
    ] as [BarrierKind])
  func `a barrier changes no word`(_ kind: BarrierKind) {
    let word = Word<UInt64>(3)
    word.store(4, .relaxed)
    Machine.barrier(kind, edge: "a.b")
    #expect(word.load(.relaxed) == 4)
  }

  @Test func `full barriers between store and load forbid that both threads read the past`() {
    let board = Machine.permanent(alignment: 64, Board())
    let mine = Board.Side(own: board.record.x.address, other: board.record.y.address)
    let yours = Board.Side(own: board.record.y.address, other: board.record.x.address)
    let sawX = Machine.permanent(Word<UInt32>(0))
    var bothInThePast = 0
    for round in 1...200 as ClosedRange<UInt32> {
      let other = OtherThread {
        board.record.meet(round)
        sawX.record.store(yours.play(round), .release)
      }
      board.record.meet(round)
      let sawY = mine.play(round)
      other.join()
      if sawY < round && sawX.record.load(.acquire) < round { bothInThePast += 1 }
    }
    #expect(bothInThePast == 0)
  }

  @Test func `without a conductor nothing is left to choice`() {
    #expect(Machine.choose(below: 3, "which") == 0)
  }

  @Test func `the inherited word is the thread's own`() {
    let before = Machine.inheritedWord
    Machine.inheritedWord = 12
    let seen = Machine.permanent(Word<UInt64>(1))
    OtherThread { seen.record.store(Machine.inheritedWord, .relaxed) }.join()
    #expect(Machine.inheritedWord == 12)
    #expect(seen.record.load(.relaxed) == 0)
    Machine.inheritedWord = before
  }

  @Test func `a false claim ends a native process`() async {
    await #expect(processExitsWith: .failure) { Machine.expect(false, "this does not hold") }
    await #expect(processExitsWith: .success) { Machine.expect(true, "this holds") }
  }
}

/// Two words and a meeting point for two threads.
private struct Board: ~Copyable {
  let x = Word<UInt32>(0)
  let y = Word<UInt32>(0)
  let arrivals = Word<UInt32>(0)

  /// Returns when both have come for this round.
  func meet(_ round: UInt32) {
    _ = arrivals.fetchAdd(1, .full)
    while arrivals.load(.acquire) < 2 * round {}
  }

  /// What one of them does: publishes its round and looks at the other's.
  struct Side: Sendable {
    let own: UInt
    let other: UInt

    func play(_ round: UInt32) -> UInt32 {
      Object<Word<UInt32>>(machineAddress: own).record.store(round, .relaxed)
      Machine.barrier(.full, edge: "a.b")
      return Object<Word<UInt32>>(machineAddress: other).record.load(.relaxed)
    }
  }
}
