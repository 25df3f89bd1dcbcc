internal import BenchmarkKit
internal import CTwin
internal import Fences
internal import Kernel
internal import Machine

/// Both sides with a second thread at work on the same fence.
///
/// No threshold: two threads on one cache line depend on the machine more than on the code.
enum TwoThreads {
  private static let pairs = 20

  static func print() {
    let fence = Subject.make()
    let twin = twin_make()
    let times: UInt64 = 400_000
    let getPut = Pairing(
      "get + put, both on one fence", pairs: pairs,
      ours: { together { Subject.loopGetPut(fence, times) } },
      theirs: { together { twin_loop_get_put(twin, times) } })
    Swift.print(getPut.row())
    fence.signal()
    twin_signal_once(twin)
    let asked: UInt64 = 20_000_000
    let isSignaled = Pairing(
      "isSignaled, both on one fence", pairs: pairs,
      ours: { together { _ = Subject.loopIsSignaled(fence, asked) } },
      theirs: { together { _ = twin_loop_is_signaled(twin, asked) } })
    Swift.print(isSignaled.row())
  }

  /// Wall time until two threads that begin together have both run `body`.
  private static func together(_ body: @escaping @Sendable () -> Void) -> UInt64 {
    let ready = Machine.permanent(Word<UInt32>(0))
    let other = KernelThread.start("peer") {
      _ = ready.record.fetchAdd(1, .relaxed)
      Machine.spin(until: ready.record.equals(2, .acquire))
      body()
    }
    _ = ready.record.fetchAdd(1, .relaxed)
    Machine.spin(until: ready.record.equals(2, .acquire))
    let begin = twin_clock()
    body()
    other.join()
    return twin_clock() &- begin
  }
}
