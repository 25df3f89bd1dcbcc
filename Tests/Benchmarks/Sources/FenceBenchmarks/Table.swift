internal import BenchmarkKit
internal import CTwin
internal import Fences
internal import Machine

/// The rows of the table.
enum Table {
  static func print() {
    Swift.print(Pairing.heading)
    Swift.print("one thread, processor time")
    Swift.print(isSignaled().row(budget: 1.05))
    Swift.print(getPut().row(budget: 1.05))
    Swift.print(signal().row(budget: 1.05))
    Swift.print("two threads, wall time")
    TwoThreads.print()
  }

  /// Processor time of the calling thread that `body` takes.
  static func timed(_ body: () -> Void) -> UInt64 {
    let begin = twin_thread_time()
    body()
    return twin_thread_time() &- begin
  }

  private static func isSignaled() -> Pairing {
    let fence = Subject.make()
    let twin = twin_make()
    fence.signal()
    twin_signal_once(twin)
    let times: UInt64 = 4_000_000
    return Pairing(
      "isSignaled, signaled", pairs: 401,
      ours: { timed { check(Subject.loopIsSignaled(fence, times) == times) } },
      theirs: { timed { check(twin_loop_is_signaled(twin, times) == times) } })
  }

  private static func getPut() -> Pairing {
    let fence = Subject.make()
    let twin = twin_make()
    let times: UInt64 = 200_000
    return Pairing(
      "get + put", pairs: 401,
      ours: { timed { Subject.loopGetPut(fence, times) } },
      theirs: { timed { twin_loop_get_put(twin, times) } })
  }

  private static func signal() -> Pairing {
    // Where the records happen to lie in relation to the stack changes the time of either side by
    // some percent, so each pair takes other places.
    let ours = (0..<17).map { _ in
      (Subject.make(), Machine.permanent(alignment: 64, Counting()))
    }
    let theirs = (0..<17).map { _ in (twin_make(), twin_make_counting()) }
    var turn = (ours: 0, theirs: 0)
    let times: UInt64 = 40_000
    let pairing = Pairing(
      "init + add + signal, one callback", pairs: 401,
      ours: {
        let (fence, counting) = ours[turn.ours % ours.count]
        turn.ours += 1
        return timed { Subject.loopSignal(fence, counting, times) }
      },
      theirs: {
        let (twin, counting) = theirs[turn.theirs % theirs.count]
        turn.theirs += 1
        return timed { twin_loop_signal(twin, counting, times) }
      })
    for place in 0..<17 {
      check(ours[place].1.record.calls.value == twin_calls(theirs[place].1))
    }
    return pairing
  }

  /// A side that does not do its work must not be measured.
  static func check(_ holds: Bool) {
    precondition(holds, "one side of a pair did not do what is measured")
  }
}
