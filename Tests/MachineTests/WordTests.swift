import Machine
import Testing

@Suite struct WordTests {
  private static let orderings: [UpdateOrdering] = [.relaxed, .acquire, .release, .full]

  @Test func `a word is as large as its bits and has their layout`() {
    #expect(MemoryLayout<Word<UInt32>>.size == 4)
    #expect(MemoryLayout<Word<UInt64>>.size == 8)
    #expect(MemoryLayout<Word<Bool>>.size == 4)
    #expect(MemoryLayout<Word<Object<Pair>?>>.size == 8)
    #expect(MemoryLayout<Cell<Int32>>.size == 4)
    #expect(MemoryLayout<Cell<UInt>>.size == 8)
    #expect(MemoryLayout<FlagWord<Flag>>.size == 8)
    #expect(MemoryLayout<Pair>.size == 24)
    #expect(MemoryLayout<Pair>.alignment == 8)
  }

  @Test func `the words of a record lie where C would put them, and stay there`() {
    let pair = Machine.permanent(Pair())
    let begin = pair.machineAddress
    #expect(pair.record.first.address == begin)
    #expect(pair.record.second.address == begin + 8)
    #expect(pair.record.last.address == begin + 16)
    pair.record.second.store(7, .release)
    #expect(pair.record.second.address == begin + 8)
  }

  @Test(arguments: orderings)
  func `an update returns what the word held, whatever it orders`(_ ordering: UpdateOrdering) {
    let word = Word<UInt32>(5)
    #expect(word.exchange(9, ordering) == 5)
    #expect(word.fetchAdd(2, ordering) == 9)
    #expect(word.fetchSubtract(1, ordering) == 11)
    #expect(word.load(.acquire) == 10)
    let wide = Word<UInt64>(1 << 40)
    #expect(wide.exchange(.max, ordering) == 1 << 40)
    #expect(wide.fetchAdd(3, ordering) == .max)
    #expect(wide.fetchSubtract(4, ordering) == 2)
    #expect(wide.load(.relaxed) == UInt64.max - 1)
  }

  @Test(arguments: orderings)
  func `a compare-and-exchange writes only where it finds what it expects`(
    _ ordering: UpdateOrdering
  ) {
    let word = Word<UInt32>(5)
    #expect(word.compareExchange(4, with: 9, ordering) == 5)
    #expect(word.load(.relaxed) == 5)
    #expect(word.compareExchange(5, with: 9, ordering) == 5)
    #expect(word.load(.relaxed) == 9)
    let wide = Word<UInt64>(5)
    #expect(wide.compareExchange(4, with: 9, ordering) == 5)
    #expect(wide.compareExchange(5, with: .max, ordering) == 5)
    #expect(wide.load(.relaxed) == .max)
  }

  @Test func `a store is what the next load of the thread returns`() {
    let word = Word<Int>(0)
    word.store(-1, .relaxed)
    #expect(word.load(.relaxed) == -1)
    word.store(.min, .release)
    #expect(word.load(.acquire) == .min)
    let cell = Cell<Int32>(-4)
    #expect(cell.value == -4)
    cell.value = .min
    #expect(cell.value == .min)
  }

  @Test func `every value survives its way through a word's bits`() {
    #expect(Int32(machineBits: Int32.min.machineBits) == .min)
    #expect(Int64(machineBits: Int64(-7).machineBits) == -7)
    #expect(Int(machineBits: Int.min.machineBits) == .min)
    #expect(UInt(machineBits: UInt.max.machineBits) == .max)
    #expect(Bool(machineBits: true.machineBits))
    #expect(!Bool(machineBits: false.machineBits))
    #expect(Bool(machineBits: 2))
  }

  @Test func `additions of several threads are all counted`() {
    let word = Machine.permanent(Word<UInt64>(0))
    let threads = (0..<3).map { _ in
      OtherThread { for _ in 0..<20_000 { _ = word.record.fetchAdd(1, .relaxed) } }
    }
    for thread in threads { thread.join() }
    #expect(word.record.load(.relaxed) == 60_000)
  }

  @Test func `a condition compares the masked bits`() {
    func condition(_ mask: UInt64, _ value: UInt64, _ mustBeEqual: Bool) -> Condition {
      Condition(
        address: 8, width: 8, mask: mask, value: value, mustBeEqual: mustBeEqual,
        ordering: .relaxed, edge: .none)
    }
    #expect(condition(0xf0, 0x30, true).holds(for: 0x3f) == true)
    #expect(condition(0xf0, 0x30, true).holds(for: 0x4f) == false)
    #expect(condition(0xf0, 0x30, false).holds(for: 0x4f) == true)
    #expect(condition(.max, 3, false).holds(for: 3) == false)
  }

  @Test func `spinning returns the bits that ended it`() {
    let word = Machine.permanent(Word<UInt32>(0))
    let other = OtherThread { word.record.store(6, .release) }
    #expect(Machine.spin(until: word.record.differs(from: 0, .acquire)) == 6)
    other.join()
    #expect(Machine.spin(until: word.record.equals(6, .acquire)) == 6)
  }
}

/// Three fields with C's layout: four bytes, padding, eight bytes, eight bytes.
struct Pair: ~Copyable {
  let first = Word<UInt32>(1)
  let second = Word<UInt64>(2)
  let last = Cell<UInt64>(3)
}
