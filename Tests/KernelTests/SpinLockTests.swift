import Kernel
import Machine
import Testing

struct SpinLockTests {
  @Test func `a lock is four bytes and says whether it is held`() {
    #expect(MemoryLayout<SpinLock>.size == 4)
    let lock = Machine.permanent(SpinLock())
    lock.record.initialise(class: "test")
    let states = [lock.record.isHeld, held(lock), lock.record.isHeld]
    #expect(states == [false, true, false])
  }

  private func held(_ lock: Object<SpinLock>) -> Bool {
    lock.record.withLockIRQSave { lock.record.isHeld }
  }

  @Test func `trying a held lock fails and leaves it held`() {
    let lock = Machine.permanent(SpinLock())
    let tries = [lock.record.tryLock(), lock.record.tryLock(), lock.record.isHeld]
    #expect(tries == [true, false, true])
    lock.record.unlock()
    let isHeld = lock.record.isHeld
    #expect(isHeld == false)
  }

  @Test func `a claim that a free lock is held is warned about`() {
    let lock = Machine.permanent(SpinLock())
    let log = WarningLog()
    log.collect { lock.record.assertHeld() }
    lock.record.withLockIRQSave { log.collect { lock.record.assertHeld() } }
    #expect(log.messages == ["the lock must be held here"])
  }

  @Test func `while a lock is held nobody may sleep`() {
    let lock = Machine.permanent(SpinLock())
    let log = WarningLog()
    log.collect {
      lock.record.withLockIRQSave { Kernel.mightSleep() }
      Kernel.mightSleep()
    }
    #expect(log.messages == ["sleeping in atomic context"])
  }

  @Test func `threads under one lock do not lose each other's additions`() {
    let lock = Machine.permanent(SpinLock())
    let total = Machine.permanent(Cell<UInt64>(0))
    let threads = (0..<4).map { number in
      KernelThread.start("adder \(number)") {
        for _ in 0..<2_000 { lock.record.withLockIRQSave { total.record.value += 1 } }
      }
    }
    for thread in threads { thread.join() }
    let sum = total.record.value
    #expect(sum == 8_000)
  }
}
