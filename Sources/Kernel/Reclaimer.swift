internal import Machine

/// Does after a grace period what native code asked for, on a thread that starts at first use.
///
/// One thread and one queue, in order: the simplest that is right. With a conductor it is not used.
final class Reclaimer: Sendable {
  static let shared = Reclaimer()

  private struct Queue: Sendable {
    var waiting: [@Sendable () -> Void] = []
    var isRunning = false
  }

  private let queue = Guarded(Queue())
  /// Counts additions; the thread sleeps on it.
  private let additions = Machine.permanent(Word<UInt32>(0))

  func add(_ body: @escaping @Sendable () -> Void) {
    let mustStart = queue.withLock { queue in
      queue.waiting.append(body)
      defer { queue.isRunning = true }
      return !queue.isRunning
    }
    // relaxed: the queue's lock carries the work; the number only ends a sleep.
    _ = additions.record.fetchAdd(1, .relaxed)
    Machine.wake(additions.record, count: 1)
    if mustStart { NativeThread.detach(name: "reclaimer") { self.run() } }
  }

  /// Waits until everything added before has run.
  func drain() {
    let done = Machine.permanent(Word<UInt32>(0))
    add {
      // release[reclaimer.drain] → acquire in Reclaimer.drain(). Everything added earlier has run.
      done.record.store(1, .release, edge: "reclaimer.drain")
      Machine.wake(done.record)
    }
    // acquire[reclaimer.drain] → release in Reclaimer.drain(). What ran is visible to the caller.
    while done.record.load(.acquire, edge: "reclaimer.drain") == 0 {
      _ = Machine.park(on: done.record, while: 0)
    }
  }

  private func run() -> Never {
    while true {
      // relaxed: read before the queue, so that an addition after this ends the sleep below.
      let seen = additions.record.load(.relaxed)
      let batch = queue.withLock { queue in
        defer { queue.waiting = [] }
        return queue.waiting
      }
      if batch.isEmpty {
        _ = Machine.park(on: additions.record, while: seen)
      } else {
        NativeRCU.synchronize()
        for body in batch { body() }
      }
    }
  }
}
