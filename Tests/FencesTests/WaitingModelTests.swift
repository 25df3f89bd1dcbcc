import Explorer
import Fences
import Kernel
import Machine
import Testing

/// Sleeping and waking, in every interleaving.
@Suite(.serialized)
struct WaitingModelTests {
  @Test func `no wake-up is lost between looking at the fence and going to sleep`() {
    let report = explore("wait against signal") { lab in
      let fence = Plain.fence()
      lab.thread("waiter", cpu: 0) { fence.wait() }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally { fence.put() }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `an interrupt of the waiter's own CPU may signal the fence at any moment`() {
    let report = explore("wait against interrupt") { lab in
      let fence = Plain.fence()
      lab.thread("waiter", cpu: 0) { fence.wait() }
      lab.interrupt("completion", cpu: 0) { fence.signal() }
      lab.finally { fence.put() }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `a fence that nobody signals is a wait without end`() {
    let report = explore("wait for nothing") { lab in
      let fence = Plain.fence()
      lab.thread("waiter", cpu: 0) { fence.wait() }
    }
    #expect([.endlessWait, .deadlock].contains(report.verdict), "\(report)")
  }

  @Test func `a timeout may win against the signal although the fence is signaled`() {
    let outcomes = Outcomes()
    let report = explore("timeout against signal") { lab in
      let fence = Plain.fence()
      let result = lab.allocate(Word<Int>(-1))
      lab.thread("waiter", cpu: 0) {
        let left = (try? fence.wait(interruptible: false, timeout: Jiffies(1)))?.count ?? -2
        result.record.store(left == 0 ? (fence.testSignaledFlag() ? 2 : 0) : 1, .relaxed)
      }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        outcomes.note(UInt64(result.record.load(.relaxed)))
        lab.free(result)
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    // 0: out of time; 1: time left; 2: out of time, and yet signaled.
    #expect(outcomes.set == [[0], [1], [2]])
  }

  @Test func `a signal and the fence together end an interruptible wait in one of two ways`() {
    let outcomes = Outcomes()
    let report = explore("signal against fence") { lab in
      let fence = Plain.fence()
      let (task, result) = (lab.allocate(Word<KernelTask?>(nil)), lab.allocate(Word<UInt32>(0)))
      lab.thread("waiter", cpu: 0) {
        task.record.store(KernelTask.current, .release, edge: "test.task")
        let wasInterrupted = throwsRestart { () throws(Errno) in
          try fence.wait(interruptible: true)
        }
        result.record.store(wasInterrupted ? 1 : 2, .relaxed)
      }
      lab.thread("other", cpu: 1) {
        task.record.load(.acquire, edge: "test.task")?.sendSignal()
        fence.signal()
      }
      lab.finally {
        outcomes.note(UInt64(result.record.load(.relaxed)))
        lab.free(task)
        lab.free(result)
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(outcomes.set == [[1], [2]])
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `a published fence that is replaced meanwhile is never handed out`(
    memory: ExplorationOptions.Memory
  ) {
    var options = ExplorationOptions()
    options.memory = memory
    let report = explore("get from a word", options: options) { lab in
      let (old, new) = (Plain.fence(seqno: 1), Plain.fence(seqno: 2))
      let word = lab.allocate(Word<Fence?>(nil))
      RCU.assign(old, to: word.record)
      lab.thread("reader", cpu: 0) {
        let fence = RCU.withReadLock { Fence.get(from: word.record) }
        lab.expect(fence != nil, "the word always names a fence")
        fence?.put()
      }
      lab.thread("writer", cpu: 1) {
        RCU.assign(new, to: word.record)
        old.put()
      }
      lab.finally {
        new.put()
        lab.free(word)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }
}
