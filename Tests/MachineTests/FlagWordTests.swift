import Machine
import Testing

@Suite struct FlagWordTests {
  @Test(arguments: [0, 1, 31, 32, 63] as [UInt64])
  func `a bit is set, tested and cleared without its neighbours`(_ number: UInt64) {
    let flags = FlagWord<Flag>()
    let bit = Flag(bitNumber: number)
    #expect(flags.test(bit, .relaxed) == false)
    flags.set(bit, .relaxed)
    #expect(flags.test(bit, .acquire) == true)
    for other in [0, 1, 31, 32, 63] as [UInt64] where other != number {
      #expect(flags.test(Flag(bitNumber: other), .relaxed) == false)
    }
    flags.clear(bit, .release)
    #expect(flags.test(bit, .relaxed) == false)
  }

  @Test(arguments: [.relaxed, .acquire, .release, .full] as [UpdateOrdering])
  func `the forms with a result return the old bit`(_ ordering: UpdateOrdering) {
    let flags = FlagWord<Flag>([Flag(bitNumber: 5)])
    let bit = Flag(bitNumber: 4)
    #expect(flags.testAndSet(bit, ordering) == false)
    #expect(flags.testAndSet(bit, ordering) == true)
    #expect(flags.testAndClear(bit, ordering) == true)
    #expect(flags.testAndClear(bit, ordering) == false)
    #expect(flags.test(Flag(bitNumber: 5), .relaxed) == true)
  }

  @Test func `of several threads that set a bit one finds it clear`() {
    let flags = Machine.permanent(FlagWord<Flag>())
    let wins = Machine.permanent(Word<UInt32>(0))
    for number in 0..<64 as Range<UInt64> {
      let threads = (0..<2).map { _ in
        OtherThread {
          if !flags.record.testAndSet(Flag(bitNumber: number), .full) {
            _ = wins.record.fetchAdd(1, .relaxed)
          }
        }
      }
      for thread in threads { thread.join() }
    }
    #expect(wins.record.load(.relaxed) == 64)
  }

  @Test func `the condition that a bit is set ignores the others`() {
    let flags = FlagWord<Flag>([Flag(bitNumber: 1)])
    #expect(flags.isSet(Flag(bitNumber: 3), .relaxed).holds(for: 0b1000) == true)
    #expect(flags.isSet(Flag(bitNumber: 3), .relaxed).holds(for: 0b0111) == false)
    #expect(Machine.spin(until: flags.isSet(Flag(bitNumber: 1), .acquire)) == 2)
  }
}

struct Flag: FlagBit {
  let bitNumber: UInt64
}
