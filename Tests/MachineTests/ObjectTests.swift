import Machine
import Testing

@Suite struct ObjectTests {
  @Test func `a handle leads from its address back to the same record`() {
    let object = Machine.allocate(Pair())
    let again = Object<Pair>(machineAddress: object.machineAddress)
    #expect(again == object)
    again.record.second.store(40, .relaxed)
    #expect(object.record.second.load(.relaxed) == 40)
    let other = Machine.allocate(Pair())
    #expect(other != object)
    #expect(other.record.second.load(.relaxed) == 2)
    Machine.free(object)
    Machine.free(other)
  }

  @Test func `a word holds a handle or nothing`() {
    let object = Machine.allocate(Pair())
    let word = Word<Object<Pair>?>(nil)
    #expect(word.load(.relaxed) == nil)
    word.store(object, .release)
    #expect(word.load(.acquire) == object)
    #expect(word.exchange(nil, .full) == object)
    #expect(Object<Pair>?.none.machineBits == 0)
    Machine.free(object)
  }

  @Test(arguments: [1, 8, 64, 4096])
  func `memory is aligned as asked, and at least as its record needs`(_ alignment: Int) {
    let object = Machine.allocate(alignment: alignment, Pair())
    #expect(object.machineAddress.isMultiple(of: UInt(max(alignment, 8))))
    Machine.free(object)
    let permanent = Machine.permanent(alignment: alignment, Pair())
    #expect(permanent.machineAddress.isMultiple(of: UInt(max(alignment, 8))))
  }

  @Test func `freeing a record ends it once`() {
    let ends = Machine.permanent(Word<UInt32>(0))
    let object = Machine.allocate(Mortal(ends: ends))
    #expect(ends.record.load(.relaxed) == 0)
    Machine.free(object)
    #expect(ends.record.load(.relaxed) == 1)
  }

  @Test func `a conductor is asked for memory of the record's size, and told its end`() {
    let memory = Machine.permanent(alignment: 64, Pair())
    let recorder = Recorder(answering: UInt64(memory.machineAddress))
    recorder.conduct {
      let object = Machine.allocate(alignment: 64, Word<UInt64>(9))
      #expect(object.machineAddress == memory.machineAddress)
      Machine.free(object)
    }
    #expect(recorder.lines == ["allocate 8 at 64", "free"])
  }

  @Test func `a permanent record is nobody's event`() {
    let recorder = Recorder()
    let object = recorder.conduct { Machine.permanent(Word<UInt32>(4)) }
    #expect(recorder.events.isEmpty)
    #expect(object.record.load(.relaxed) == 4)
  }

  @Test func `native runs never lack memory`() {
    let object = Machine.tryAllocate(Pair())
    #expect(object != nil)
    if let object { Machine.free(object) }
  }
}

/// A record that notes its end.
struct Mortal: ~Copyable {
  let ends: Object<Word<UInt32>>

  init(ends: Object<Word<UInt32>>) { self.ends = ends }

  deinit { _ = ends.record.fetchAdd(1, .relaxed) }
}
