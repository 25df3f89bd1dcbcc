internal import Machine

/// Does later what native code asked for, on a thread that starts at first use.
///
/// One thread and one queue, in order: the simplest that is right. With a conductor it is not used.
final class NativeQueue: Sendable {
  /// Does after a grace period what was asked for.
  static let reclaimer = NativeQueue("reclaimer") { errands in
    NativeRCU.synchronize()
    for errand in errands { errand.run() }
  }

  /// Takes the place of all CPUs' softirqs: a read section in which nothing may sleep.
  static let softirqs = NativeQueue("softirqs") { errands in
    for errand in errands {
      Machine.disableSoftirqs()
      RCU.withReadLock(errand.run)
      Machine.enableSoftirqs()
    }
  }

  /// What somebody asked for, and the word that native threads inherit from them.
  private struct Errand: Sendable {
    let inherited = Machine.inheritedWord
    let body: @Sendable () -> Void

    func run() {
      Machine.inheritedWord = inherited
      body()
    }
  }

  private struct Queue: Sendable {
    var waiting: [Errand] = []
    var isRunning = false
  }

  private let name: String
  private let run: @Sendable ([Errand]) -> Void
  private let queue = Guarded(Queue())
  /// Counts additions; the thread sleeps on it.
  private let additions = Machine.permanent(Word<UInt32>(0))

  /// - Parameter run: Runs errands, the oldest first.
  private init(_ name: String, run: @escaping @Sendable ([Errand]) -> Void) {
    self.name = name
    self.run = run
  }

  func add(_ body: @escaping @Sendable () -> Void) {
    let errand = Errand(body: body)
    let mustStart = queue.withLock { queue in
      queue.waiting.append(errand)
      defer { queue.isRunning = true }
      return !queue.isRunning
    }
    // relaxed: the queue's lock carries the work; the number only ends a sleep.
    _ = additions.record.fetchAdd(1, .relaxed)
    Machine.wake(additions.record, count: 1)
    if mustStart { NativeThread.detach(name: name) { self.serveForEver() } }
  }

  /// Waits until everything added before has run.
  func drain() {
    let mark = Mark()
    add {
      // release[reclaimer.drain] → acquire in NativeQueue.drain(). What came before has run.
      mark.isReached.store(1, .release, edge: "reclaimer.drain")
      Machine.wake(mark.isReached)
    }
    // acquire[reclaimer.drain] ← release in NativeQueue.drain(). What ran is visible to the caller.
    while mark.isReached.load(.acquire, edge: "reclaimer.drain") == 0 {
      _ = Machine.park(on: mark.isReached, while: 0)
    }
  }

  /// A place in the queue; whoever wakes the sleeper keeps it as long as the sleeper does.
  private final class Mark: Sendable {
    let isReached = Word<UInt32>(0)
  }

  private func serveForEver() -> Never {
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
        run(batch)
      }
    }
  }
}
