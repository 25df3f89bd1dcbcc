import Explorer
import Kernel
import Machine
import Testing

struct TaskTests {
  /// Runs `body` as a task of its own and returns what it returned.
  private func onTask(_ body: @escaping @Sendable () -> Int) -> Int {
    let result = Machine.permanent(Word<Int>(0))
    KernelThread.start("task") { result.record.store(body(), .relaxed) }.join()
    return result.record.load(.relaxed)
  }

  @Test func `each thread is a task of its own and stays it`() {
    let here = KernelTask.current
    #expect(KernelTask.current == here)
    let there = onTask { KernelTask.current == here ? 1 : 2 }
    #expect(there == 2)
  }

  @Test func `a task that wants to run does not sleep`() {
    #expect(onTask { KernelTask.schedule(timeout: Jiffies(5)).count } == 5)
  }

  @Test func `a wake-up between the state and the sleep is not lost`() {
    let left = onTask {
      KernelTask.current.setState(.uninterruptible)
      _ = KernelTask.current.wakeUp()
      return KernelTask.schedule(timeout: .max) == .max ? 1 : 2
    }
    #expect(left == 1)
  }

  @Test func `a sleep ends with its time`() {
    let left = onTask {
      KernelTask.current.setState(.uninterruptible)
      return KernelTask.schedule(timeout: Jiffies(2)).count
    }
    #expect(left == 0)
  }

  @Test func `a pending signal keeps a task from an interruptible sleep only`() {
    let left = onTask {
      KernelTask.current.sendSignal()
      KernelTask.current.setState(.interruptible)
      let first = KernelTask.schedule(timeout: Jiffies(7)).count
      KernelTask.current.setState(.uninterruptible)
      let second = KernelTask.schedule(timeout: Jiffies(2)).count
      KernelTask.current.clearSignal()
      return first * 10 + second
    }
    #expect(left == 70)
  }

  @Test func `a signal ends an interruptible sleep`() {
    let task = Machine.permanent(Word<KernelTask?>(nil))
    let thread = KernelThread.start("sleeper") {
      KernelTask.current.setState(.interruptible)
      task.record.store(KernelTask.current, .release, edge: "test.task")
      KernelTask.schedule()
      Machine.expect(KernelTask.current.hasPendingSignal, "the signal woke the task")
      KernelTask.current.clearSignal()
    }
    Machine.spin(until: task.record.differs(from: nil, .acquire, edge: "test.task"))
    task.record.load(.acquire, edge: "test.task")?.sendSignal()
    thread.join()
  }

  @Test func `a sleep that is too long to end gives back no more than it was given`() {
    let long = Jiffies(Int(UInt64.max / Jiffies.nanosecondsPerJiffy) + 1)
    #expect(long.deadline(after: 0) == nil)
    let report = explore("long sleep") { lab in
      let task = lab.allocate(Word<KernelTask?>(nil))
      lab.thread("sleeper", cpu: 0) {
        KernelTask.current.setState(.uninterruptible)
        task.record.store(KernelTask.current, .release, edge: "test.task")
        let left = KernelTask.schedule(timeout: long)
        lab.expect(left == long, "the time that is left is not more than was given")
      }
      lab.thread("waker", cpu: 1) {
        lab.spin(until: task.record.differs(from: nil, .acquire, edge: "test.task"))
        task.record.load(.acquire, edge: "test.task")?.wakeUp()
      }
      lab.finally { lab.free(task) }
    }
    #expect(report.verdict == .passed, "\(report.failure?.message ?? "")")
  }

  @Test func `time is counted in whole jiffies, rounded up, and without end stays so`() {
    #expect(Jiffies(3).deadline(after: 10) == 3_000_010)
    #expect(Jiffies.max.deadline(after: 10) == nil)
    #expect(Jiffies.remaining(until: 2_000_001, now: 1) == Jiffies(2))
    #expect(Jiffies.remaining(until: 2_000_001, now: 2) == Jiffies(2))
    #expect(Jiffies.remaining(until: 5, now: 5) == .zero)
  }
}
