import Kernel
import Machine
import Testing

struct RCUTests {
  @Test func `a grace period waits for the reader that was there first`() {
    let entered = Machine.permanent(Word<UInt32>(0))
    let open = Machine.permanent(Word<UInt32>(0))
    let over = Machine.permanent(Word<UInt32>(0))
    let reader = KernelThread.start("reader") {
      RCU.withReadLock {
        RCU.withReadLock {}
        entered.record.store(1, .release, edge: "test.reader")
        Machine.spin(until: open.record.equals(1, .acquire, edge: "test.reader"))
      }
    }
    Machine.spin(until: entered.record.equals(1, .acquire, edge: "test.reader"))
    let writer = KernelThread.start("writer") {
      RCU.synchronize()
      over.record.store(1, .relaxed)
    }
    for _ in 0..<10_000 { #expect(over.record.load(.relaxed) == 0) }
    open.record.store(1, .release, edge: "test.reader")
    reader.join()
    writer.join()
    #expect(over.record.load(.relaxed) == 1)
  }

  @Test func `grace periods of several threads all end`() {
    let threads = (0..<3).map { number in
      KernelThread.start("writer \(number)") {
        for _ in 0..<20 {
          RCU.withReadLock {}
          RCU.synchronize()
        }
      }
    }
    for thread in threads { thread.join() }
  }

  @Test(arguments: [false, true])
  func `readers never see what a grace period took away`(usesBarriers: Bool) {
    if usesBarriers { RCU.makeReadersUseBarriers() }
    let word = Machine.permanent(Word<Object<Cell<UInt32>>?>(nil))
    let isOver = Machine.permanent(Word<UInt32>(0))
    RCU.assign(Machine.permanent(Cell<UInt32>(1)), to: word.record)
    let readers = (0..<2).map { number in
      KernelThread.start("reader \(number)") {
        while isOver.record.load(.relaxed) == 0 {
          RCU.withReadLock {
            let value = RCU.dereference(word.record)?.record.value
            Machine.expect(value == 1, "the record is alive")
          }
        }
      }
    }
    for _ in 0..<300 {
      let old = word.record.load(.relaxed)
      RCU.assign(Machine.permanent(Cell<UInt32>(1)), to: word.record)
      RCU.synchronize()
      old?.record.value = 0
    }
    isOver.record.store(1, .relaxed)
    for reader in readers { reader.join() }
  }

  @Test func `a barrier waits for what was called before it, in order`() {
    let log = Machine.permanent(Word<UInt64>(0))
    for number in 1...3 as ClosedRange<UInt64> {
      RCU.call {
        let before = log.record.load(.relaxed)
        log.record.store(before * 10 + number, .relaxed)
      }
    }
    RCU.barrier()
    #expect(log.record.load(.relaxed) == 123)
  }

  @Test func `a reader that dereferences finds what was assigned`() {
    let word = Machine.permanent(Word<Object<Cell<UInt32>>?>(nil))
    let cell = Machine.allocate(Cell<UInt32>(5))
    RCU.assign(cell, to: word.record)
    let value = RCU.withReadLock { RCU.dereference(word.record)?.record.value }
    #expect(value == 5)
    RCU.assign(nil, to: word.record)
    RCU.free(cell)
    RCU.barrier()
  }
}
