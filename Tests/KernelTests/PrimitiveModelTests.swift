import Explorer
import Kernel
import Machine
import Testing

/// The native bodies of the primitives, access by access, and the same programs without them.
@Suite(.serialized)
struct PrimitiveModelTests {
  private var opened: ExplorationOptions {
    var options = ExplorationOptions()
    options.opensPrimitives = true
    return options
  }

  @Test func `a spinlock keeps plain data whole`() {
    let report = explore("spinlock", options: opened) { lab in
      let shared = lab.allocate(Guarded())
      for cpu in 0...1 {
        lab.thread("adder \(cpu)", cpu: cpu) {
          shared.record.lock.lock()
          shared.record.data.value += 1
          shared.record.lock.unlock()
        }
      }
      lab.finally {
        lab.expect(shared.record.data.value == 2, "no addition is lost")
        lab.free(shared)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `a lock that orders nothing lets a race through`() {
    let report = explore("relaxed lock", options: opened) { lab in
      let shared = lab.allocate(Guarded())
      for cpu in 0...1 {
        lab.thread("adder \(cpu)", cpu: cpu) {
          while shared.record.weak.exchange(1, .relaxed) != 0 {
            lab.spin(until: shared.record.weak.equals(0, .relaxed))
          }
          shared.record.data.value += 1
          shared.record.weak.store(0, .relaxed)
        }
      }
      lab.finally { lab.free(shared) }
    }
    #expect(report.verdict == .dataRace, "\(report)")
  }

  @Test func `trying a lock gives it to one thread`() {
    let report = explore("trylock", options: opened) { lab in
      let shared = lab.allocate(Guarded())
      for cpu in 0...1 {
        lab.thread("trier \(cpu)", cpu: cpu) {
          guard shared.record.lock.tryLock() else { return }
          shared.record.data.value += 1
          shared.record.lock.unlock()
        }
      }
      lab.finally {
        lab.expect(shared.record.data.value > 0, "somebody got the lock")
        lab.free(shared)
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `a grace period outlasts the readers it must wait for`() {
    let report = explore("native grace period", options: opened) { lab in
      let published = lab.allocate(Published())
      let record = lab.allocate(Cell<UInt32>(5))
      RCU.assign(record, to: published.record.word)
      lab.thread("reader", cpu: 0) {
        RCU.withReadLock {
          if let record = RCU.dereference(published.record.word) {
            lab.expect(record.record.value == 5, "the record is whole")
          }
        }
      }
      lab.thread("writer", cpu: 1) {
        RCU.assign(nil, to: published.record.word)
        RCU.synchronize()
        lab.free(record)
      }
      lab.finally { lab.free(published) }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `without the grace period the reader uses freed memory`() {
    let report = explore("no grace period", options: opened) { lab in
      let published = lab.allocate(Published())
      let record = lab.allocate(Cell<UInt32>(5))
      RCU.assign(record, to: published.record.word)
      lab.thread("reader", cpu: 0) {
        RCU.withReadLock { _ = RCU.dereference(published.record.word)?.record.value }
      }
      lab.thread("writer", cpu: 1) {
        RCU.assign(nil, to: published.record.word)
        lab.free(record)
      }
      lab.finally { lab.free(published) }
    }
    #expect(report.verdict == .useAfterFree, "\(report)")
  }

  @Test func `two grace periods at once both end`() {
    let report = explore("two grace periods", options: opened) { lab in
      lab.thread("one", cpu: 0) { RCU.synchronize() }
      lab.thread("other", cpu: 1) { RCU.synchronize() }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `the last owner sees what the others did before they left`() {
    let report = explore("reference count") { lab in
      let shared = lab.allocate(Owned())
      for cpu in 0...1 {
        lab.thread("owner \(cpu)", cpu: cpu) {
          if cpu == 0 { shared.record.data.value = 1 } else { shared.record.other.value = 1 }
          if shared.record.count.put() {
            lab.expect(shared.record.data.value + shared.record.other.value == 2, "all is visible")
            lab.free(shared)
          }
        }
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions == 2)
  }

  @Test func `a completion is not lost between looking and sleeping`() {
    let report = explore("completion") { lab in
      let completion = lab.allocate(Completion())
      completion.record.initialise()
      lab.thread("waiter", cpu: 0) {
        completion.record.wait()
        lab.free(completion)
      }
      lab.thread("worker", cpu: 1) { completion.record.complete() }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  @Test func `a wait queue wakes whoever looked before the claim came true`() {
    let report = explore("wait queue") { lab in
      let shared = lab.allocate(Queued())
      shared.record.queue.initialise()
      lab.thread("waiter", cpu: 0) {
        _ = try? shared.record.queue.wait { shared.record.flag.load(.relaxed) == 1 }
      }
      lab.thread("waker", cpu: 1) {
        shared.record.flag.store(1, .relaxed)
        shared.record.queue.wakeAll()
      }
      lab.finally { lab.free(shared) }
    }
    #expect(report.verdict == .passed, "\(report)")
  }
}

private struct Guarded: ~Copyable {
  let lock = SpinLock()
  let weak = Word<UInt32>(0)
  let data = Cell<UInt32>(0)
}

private struct Published: ~Copyable {
  let word = Word<Object<Cell<UInt32>>?>(nil)
}

private struct Owned: ~Copyable {
  let count = ReferenceCount(2)
  let data = Cell<UInt32>(0)
  let other = Cell<UInt32>(0)
}

private struct Queued: ~Copyable {
  let queue = WaitQueue()
  let flag = Word<UInt32>(0)
}
