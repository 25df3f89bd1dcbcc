import Kernel
import Machine
import Testing

@Suite(.serialized)
struct WoundWaitMutexTests {
  @Test(arguments: Families.rules, [false, true])
  func `taking a mutex twice is refused`(rule: WoundWaitClass.Rule, tries: Bool) {
    let pair = MutexPair.make()
    let context = AcquireContext.make(of: Families.of(rule))
    if tries {
      let isTaken = pair.record.first.tryLock(context)
      #expect(isTaken)
    } else {
      #expect(MutexPair.outcome(of: pair.record.first, context) == nil)
    }
    #expect(pair.record.first.holdingContext == context)
    let isTakenAgain = pair.record.first.tryLock() || pair.record.first.tryLock(context)
    #expect(!isTakenAgain)
    #expect(MutexPair.outcome(of: pair.record.first, context) == .already)
    #expect(context.record.lockCount == 1)
    pair.record.first.unlock()
    #expect(context.record.lockCount == 0)
    #expect(pair.record.first.isHeld == false)
    context.record.finish()
    Machine.free(context)
    Machine.free(pair)
  }

  @Test(arguments: Families.rules)
  func `a pending signal ends an interruptible lock of a mutex that is held`(
    rule: WoundWaitClass.Rule
  ) throws {
    let pair = MutexPair.make()
    try pair.record.first.lock()
    let thread = KernelThread.start("waiter") {
      let context = AcquireContext.make(of: Families.of(rule))
      KernelTask.current.sendSignal()
      Machine.expect(
        MutexPair.outcome(of: pair.record.first, context, interruptible: true) == .interrupted,
        "the signal ends the wait")
      Machine.expect(
        MutexPair.outcome(of: pair.record.second, context, interruptible: true) == nil,
        "a free mutex beats the signal")
      pair.record.second.unlock()
      KernelTask.current.clearSignal()
      context.record.finish()
      Machine.free(context)
    }
    thread.join()
    pair.record.first.unlock()
    Machine.free(pair)
  }

  @Test(arguments: Families.rules)
  func `threads that take two mutexes in opposite orders all come through`(
    rule: WoundWaitClass.Rule
  ) {
    let pair = MutexPair.make()
    let threads = (0..<4).map { number in
      KernelThread.start("taker \(number)") {
        for round in 0..<500 {
          let context = AcquireContext.make(of: Families.of(rule))
          pair.record.addOne(
            inReverse: number % 2 == 1, context, tries: round % 3 == 0)
          context.record.finish()
          Machine.free(context)
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(pair.record.count.value == 2000)
    Machine.free(pair)
  }

  @Test func `an acquire context that ends with a lock held is warned about`() throws {
    let pair = MutexPair.make()
    let context = AcquireContext.make(of: Families.waitDie)
    try pair.record.first.lock(context)
    let log = WarningLog()
    log.collect { context.record.finish() }
    #expect(log.messages == ["an acquire context ended with locks held"])
    pair.record.first.unlock()
    Machine.free(context)
    Machine.free(pair)
  }

  @Test func `a completed context that takes a lock is warned about`() throws {
    let pair = MutexPair.make()
    let context = AcquireContext.make(of: Families.waitDie)
    context.record.complete()
    let log = WarningLog()
    log.collect { _ = MutexPair.outcome(of: pair.record.first, context) }
    #expect(log.messages == ["a completed context takes a lock"])
    pair.record.first.unlock()
    Machine.free(context)
    Machine.free(pair)
  }
}
