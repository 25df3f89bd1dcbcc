import Explorer
import Fences
import Kernel
import Machine
import Reservations
import Testing

/// What may not happen on the way to a signal, although no schedule of these programs deadlocks.
@Suite(.serialized)
struct SignalingSectionModelTests {
  /// What both engines say; both answers where they differ.
  private func verdict(_ scenario: @escaping @Sendable (Lab) -> Void) -> String {
    var options = ExplorationOptions()
    let first = words(explore("signaling", options: options, scenario))
    options.memory = .weak
    let second = words(explore("signaling", options: options, scenario))
    return first == second ? first : "\(first), in weak memory \(second)"
  }

  private func words(_ report: ExplorationReport) -> String {
    report.failure.map { "\($0.rule): \($0.message)" } ?? report.verdict.rawValue
  }

  @Test func `25 · a reservation's lock may be taken before a signaling section, not inside`() {
    for isInside in [true, false] {
      let found = verdict { lab in
        let reservation = Reservation.make()
        let fence = Plain.fence()
        lab.thread("worker", cpu: 0) {
          if isInside { Kernel.beginSignaling() }
          if outcome({ () throws(Errno) in try reservation.lock() }) == nil { reservation.unlock() }
          if !isInside { Kernel.beginSignaling() }
          fence.signal()
          Kernel.endSignaling()
          fence.put()
        }
        lab.finally { reservation.destroy() }
      }
      #expect(
        found
          == (isInside
            ? "lock-order/cycle: a fence may be waited for while a reservation's lock is held; "
              + "worker takes a lock of class reservation in a signaling section."
            : "passed"))
    }
  }

  @Test func `without the annotation nothing is known of the section`() {
    let found = verdict { lab in
      let reservation = Reservation.make()
      let fence = Plain.fence()
      lab.thread("worker", cpu: 0) {
        if outcome({ () throws(Errno) in try reservation.lock() }) == nil { reservation.unlock() }
        fence.signal()
        fence.put()
      }
      lab.finally { reservation.destroy() }
    }
    #expect(found == "passed")
  }

  @Test func `25 · an allocation on the way to a signal may not reclaim`() {
    for effort in [ReclaimableMemory.Effort.reclaiming, .none] {
      let found = verdict { lab in
        let memory = ReclaimableMemory {}
        let fence = Plain.fence()
        lab.thread("worker", cpu: 0) {
          Kernel.withSignaling {
            if let record = memory.allocate(Word<UInt32>(0), effort) { Machine.free(record) }
            fence.signal()
          }
          fence.put()
        }
      }
      #expect(
        found
          == (effort == .reclaiming
            ? "lock-order/cycle: whoever takes memory back may wait for a fence; "
              + "worker allocates with reclaim in a signaling section."
            : "passed"))
    }
  }

  @Test func `a driver's own lock stands in the order like a reservation's`() {
    for isTaken in [true, false] {
      let found = verdict { lab in
        let mutex = lab.allocate(WoundWaitMutex())
        mutex.record.initialise(class: "driver")
        let (first, second) = (Plain.fence(), Plain.fence())
        first.signal()
        lab.thread("worker", cpu: 0) {
          _ = outcome { () throws(Errno) in try mutex.record.lock() }
          first.wait()
          mutex.record.unlock()
          Kernel.beginSignaling()
          if isTaken {
            _ = outcome { () throws(Errno) in try mutex.record.lock() }
            mutex.record.unlock()
          }
          second.signal()
          Kernel.endSignaling()
          first.put()
          second.put()
        }
        lab.finally { lab.free(mutex) }
      }
      #expect(
        found
          == (isTaken
            ? "lock-order/cycle: worker waits for a fence while it holds a lock of class driver; "
              + "worker takes a lock of class driver in a signaling section."
            : "passed"))
    }
  }

  @Test func `a section inside another ends with the outer one`() {
    let found = verdict { lab in
      let reservation = Reservation.make()
      lab.thread("worker", cpu: 0) {
        Kernel.withSignaling { Kernel.withSignaling {} }
        if outcome({ () throws(Errno) in try reservation.lock() }) == nil { reservation.unlock() }
        Kernel.withSignaling {
          Kernel.withSignaling {}
          if outcome({ () throws(Errno) in try reservation.lock() }) == nil {
            reservation.unlock()
          }
        }
      }
      lab.finally { reservation.destroy() }
    }
    #expect(found.hasPrefix("lock-order/cycle"))
  }

  @Test func `waiting for another fence inside a section says nothing by itself`() {
    let found = verdict { lab in
      let (first, second) = (Plain.fence(), Plain.fence())
      first.get()
      lab.thread("one", cpu: 0) {
        first.signal()
        first.put()
      }
      lab.thread("other", cpu: 1) {
        Kernel.withSignaling {
          first.wait()
          second.signal()
        }
        first.put()
        second.put()
      }
    }
    #expect(found == "passed")
  }

  @Test func `two locks of one context are no order, two without a context are`() {
    for hasContext in [true, false] {
      let found = verdict { lab in
        let pair = [Reservation.make(), Reservation.make()]
        lab.thread("taker", cpu: 0) {
          let context = hasContext ? AcquireContext.make(of: Reservation.family) : nil
          for reservation in pair {
            _ = outcome { () throws(Errno) in try reservation.lock(context) }
          }
          for reservation in pair { reservation.unlock() }
          if let context { Machine.free(context) }
        }
        lab.finally { for reservation in pair { reservation.destroy() } }
      }
      #expect(hasContext ? found == "passed" : found.hasPrefix("lock-order/recursive"))
    }
  }

  /// What a callback takes on the way to a signal; functions without captures, because weak memory
  /// runs a callback again and again.
  private enum Queue {
    static let lock = Machine.permanent(SpinLock())
    static let takes = FenceCallback.Function { _, _ in
      lock.record.lock()
      lock.record.unlock()
    }
    static let ignores = FenceCallback.Function { _, _ in }
  }

  @Test func `a signal is a section: what its callbacks take stands in the order`() {
    // Made here, because a global may not be made inside a run.
    let (lock, functions) = (Queue.lock, [Queue.takes, Queue.ignores])
    for (number, function) in functions.enumerated() {
      let found = verdict { lab in
        lock.record.setClass("queue")
        let fence = Plain.fence()
        let callback = lab.allocate(FenceCallback())
        try? fence.addCallback(callback, function)
        lab.thread("submitter", cpu: 0) {
          lock.record.lockIRQSave()
          Kernel.mayWaitForFence()
          lock.record.unlockIRQRestore()
        }
        lab.thread("device", cpu: 1) { fence.signal() }
        lab.finally {
          fence.put()
          lab.free(callback)
        }
      }
      #expect(number == 0 ? found.hasPrefix("lock-order/cycle") : found == "passed", "\(found)")
    }
  }

  // MARK: - The deadlocks themselves

  @Test func `a signaler that takes the lock of whoever waits never signals`() {
    let report = explore("lock against wait") { lab in
      let reservation = Reservation.make()
      let fence = Plain.fence()
      lab.thread("waiter", cpu: 0) {
        _ = outcome { () throws(Errno) in try reservation.lock() }
        fence.wait()
        reservation.unlock()
      }
      lab.thread("signaler", cpu: 1) {
        _ = outcome { () throws(Errno) in try reservation.lock() }
        reservation.unlock()
        fence.signal()
      }
      lab.finally {
        fence.put()
        reservation.destroy()
      }
    }
    #expect([.deadlock, .endlessWait].contains(report.verdict), "\(report)")
  }

  @Test func `a signaler that reclaims waits for itself where memory is short`() {
    for effort in [ReclaimableMemory.Effort.reclaiming, .none] {
      let report = explore("reclaim against signal") { lab in
        let fence = Plain.fence()
        let memory = ReclaimableMemory { fence.wait() }
        lab.thread("signaler", cpu: 0) {
          if let record = memory.allocate(Word<UInt32>(0), effort) { Machine.free(record) }
          fence.signal()
          fence.put()
        }
      }
      if effort == .none {
        #expect(report.verdict == .passed, "\(report)")
      } else {
        #expect([.deadlock, .endlessWait].contains(report.verdict), "\(report)")
      }
    }
  }
}
