internal import Fences
internal import Kernel
internal import Machine

/// The operations, each again and again, with nothing between them.
enum Loops {
  @inline(never)
  static func status(_ fence: Fence, _ times: UInt64) {
    repeated(times) { fence.status() == .pending }
  }

  @inline(never)
  static func driverName(_ fence: Fence, _ times: UInt64) {
    repeated(times) { fence.driverName.utf8.count == 5 }
  }

  @inline(never)
  static func isSignaled(_ fence: Fence, _ times: UInt64) {
    repeated(times) { fence.isSignaled() }
  }

  @inline(never)
  static func fail(_ fence: Fence, _ times: UInt64) {
    repeated(times) {
      begin(fence)
      return !fence.signal(error: .timeExpired)
    }
  }

  @inline(never)
  static func failUnderTheLock(_ fence: Fence, _ times: UInt64) {
    repeated(times) {
      begin(fence)
      return fence.withLock {
        guard fence.statusLocked() == .pending else { return false }
        fence.setError(.timeExpired)
        fence.signalLocked()
        return true
      }
    }
  }

  private static let names = Machine.permanent(
    FenceOperations(driverName: { _ in "bench" }, timelineName: { _ in "ring 0" }))

  /// A fence that was signaled, as a new one.
  @inline(__always)
  private static func begin(_ fence: Fence) {
    fence.initialise(operations: names, context: 1, seqno: 1)
  }

  // MARK: - Looks

  @inline(never)
  static func flag(_ fence: Fence, _ times: UInt64) {
    repeated(times) { fence.testSignaledFlag() }
  }

  @inline(never)
  static func lockAndTest(_ fence: Fence, _ times: UInt64) {
    repeated(times) { fence.withLock { fence.testSignaledFlag() } }
  }

  @inline(never)
  static func getTestPut(_ fence: Fence, _ times: UInt64) {
    repeated(times) {
      fence.get()
      defer { fence.put() }
      return fence.testSignaledFlag()
    }
  }

  @inline(never)
  static func testUnderRCU(_ pointer: Object<Word<Fence?>>, _ times: UInt64) {
    repeated(times) {
      RCU.withReadLock { RCU.dereference(pointer.record)?.testSignaledFlag() ?? false }
    }
  }

  @inline(never)
  static func copied(_ fence: Fence, _ copy: Object<Word<UInt>>, _ times: UInt64) {
    repeated(times) {
      // relaxed: one thread alone uses the word.
      if copy.record.load(.relaxed) == 1 { return true }
      // relaxed: as above.
      if fence.testSignaledFlag() { copy.record.store(1, .relaxed) }
      return true
    }
  }

  /// Whatever does not do its work must not be timed.
  @inline(__always)
  private static func repeated(_ times: UInt64, _ isDone: () -> Bool) {
    var done: UInt64 = 0
    var turn: UInt64 = 0
    while turn < times {
      if isDone() { done &+= 1 }
      turn &+= 1
    }
    precondition(done == times, "a loop did not do what is measured")
  }
}
