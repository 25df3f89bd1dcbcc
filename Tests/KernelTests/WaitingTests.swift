import Kernel
import Machine
import Testing

/// What a waiter waits for, with its queue.
private struct Flagged: ~Copyable {
  let queue = WaitQueue()
  let flag = Word<UInt32>(0)

  static func make() -> Object<Flagged> {
    let object = Machine.permanent(Flagged())
    object.record.queue.initialise()
    return object
  }

  var isSet: Bool { flag.load(.relaxed) == 1 }
}

struct WaitQueueTests {
  @Test func `a wait for what is true returns at once`() throws {
    let object = Flagged.make()
    #expect(try object.record.queue.wait(timeout: Jiffies(4)) { true } == Jiffies(4))
    #expect(try object.record.queue.wait(timeout: .zero) { true } == Jiffies(1))
  }

  @Test func `a wait whose time runs out says zero`() throws {
    let object = Flagged.make()
    #expect(try object.record.queue.wait(timeout: .zero) { false } == .zero)
    #expect(try object.record.queue.wait(timeout: Jiffies(2)) { false } == .zero)
  }

  @Test func `every waiter is woken and finds the claim true`() {
    let object = Flagged.make()
    let threads = (0..<3).map { number in
      KernelThread.start("waiter \(number)") {
        let left = try? object.record.queue.wait { object.record.isSet }
        Machine.expect(left == .max, "a wait without end returns without end")
      }
    }
    object.record.flag.store(1, .relaxed)
    object.record.queue.wakeAll()
    for thread in threads { thread.join() }
  }

  @Test func `a pending signal ends an interruptible wait`() {
    let object = Flagged.make()
    let thread = KernelThread.start("waiter") {
      KernelTask.current.sendSignal()
      do throws(Errno) {
        try object.record.queue.wait(interruptible: true) { false }
        Machine.expect(false, "the wait must not return")
      } catch {
        Machine.expect(error == .restartSystemCall, "the signal ended the wait")
      }
      KernelTask.current.clearSignal()
    }
    thread.join()
  }
}

struct CompletionTests {
  private let completion = Machine.permanent(Completion())

  init() { completion.record.initialise() }

  @Test func `each completion lets one waiter through`() throws {
    completion.record.complete()
    let left = try completion.record.wait(interruptible: false, timeout: Jiffies(3))
    #expect(left == Jiffies(3))
    let again = try completion.record.wait(interruptible: false, timeout: Jiffies(2))
    #expect(again == .zero)
  }

  @Test func `completing for good lets everybody through`() {
    completion.record.completeAll()
    completion.record.wait()
    completion.record.wait()
    let isDone = completion.record.isDone
    #expect(isDone)
  }

  @Test func `a sleeping waiter sees what was written before`() {
    let completion = completion
    let value = Machine.permanent(Cell<UInt32>(0))
    let waiter = KernelThread.start("waiter") {
      completion.record.wait()
      Machine.expect(value.record.value == 9, "the write came before the completion")
    }
    value.record.value = 9
    completion.record.complete()
    waiter.join()
  }
}

struct TimerTests {
  @Test func `a timer runs once when its time has come`() {
    let done = Machine.permanent(Completion())
    done.record.initialise()
    let timer = KernelTimer.make("timer") { _ in done.record.complete() }
    #expect(timer.arm(after: Jiffies(1)) == false)
    done.record.wait()
    #expect(timer.cancelAndWait() == false)
    timer.shutDown()
  }

  @Test func `a timer that is called off does not run`() {
    let runs = Machine.permanent(Word<UInt32>(0))
    let timer = KernelTimer.make("timer") { _ in _ = runs.record.fetchAdd(1, .relaxed) }
    timer.arm(after: .max)
    #expect(timer.arm(after: .max))
    #expect(timer.cancel())
    #expect(timer.cancel() == false)
    timer.shutDown()
    #expect(runs.record.load(.relaxed) == 0)
  }

  @Test func `a timer may arm itself again`() {
    let done = Machine.permanent(Completion())
    done.record.initialise()
    let timer = KernelTimer.make("timer") { timer in
      done.record.complete()
      timer.arm(after: .max)
    }
    timer.arm(after: .zero)
    done.record.wait()
    timer.shutDown()
  }
}
