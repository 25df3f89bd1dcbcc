/// Why an ordering stands although no program fails without it.
enum WeakeningReasons {
  /// By the name of the ordering.
  static let all: [String: String] = [
    "Fence+EnablingSignaling.swift enableSignalingHoldingLock full[fence.enable]":
      "The fence's lock orders everything around it; the update is full because upstream's "
      + "`test_and_set_bit` is.",
    "FenceArray+Signaling.swift closeErrors full[array.error]": firstError,
    "FenceArray+Signaling.swift countDown full[array.pending]":
      "The child's own full update of its signaled bit comes before it on every way here. Full as "
      + "upstream's `atomic_dec_and_test` is.",
    "FenceArray+Signaling.swift note full[array.error]": firstError,
    "FenceChain+Walking.swift walk full[rcu.publish]":
      "Two walkers need it to be atomic only. Its order is for a third thread that follows what a "
      + "second one linked, which is too large to explore here. Full as upstream's `cmpxchg` is.",
    "IRQWork.swift queue full[irqwork.claim]": twoQueues,
    "IRQWork.swift run full[irqwork.claim]": twoQueues,
    "IRQWorkList.swift push full[irqwork.list]": sharedList,
    "IRQWorkList.swift run full[irqwork.list]": sharedList,
    "KernelTask.swift sendSignal full[task.sleep]":
      "The full exchange on the line before orders already; upstream's `try_to_wake_up` is full "
      + "whoever calls it.",
    "NativeRCU.swift enterGate acquire[rcu.gate]": phase,
    "NativeRCU.swift leaveGate release[rcu.gate]": phase,
    "NativeRCU.swift awaitSections acquire[rcu.exit]": twice,
    "NativeRCU.swift readLock compiler[rcu.enter]":
      "It binds the compiler, which moves nothing under the explorer. The barrier in every CPU "
      + "orders a section's accesses as it finds them: the mark must be the first.",
    "NativeRCU.swift synchronize full[rcu.exit]": twice,
    "NativeQueue.swift drain acquire[reclaimer.drain]": nativeOnly,
    "NativeQueue.swift drain release[reclaimer.drain]": nativeOnly,
    "ReservationList.swift readableCount acquire[reservation.count]":
      "Who sees the number and not the entry yet finds an empty slot, and the walk begins again; "
      + "before every later entry it takes a reference, which is a full update. The order spares "
      + "a new beginning.",
  ]

  private static let firstError =
    "That one of two finds the mark is atomicity, not order; who reads the error later is ordered "
    + "by the array's own signal. Full as upstream's `cmpxchg` is."
  private static let phase =
    "The phase decides nothing about safety, only how long a grace period waits; the gate shows "
    + "it to the next one."
  private static let twice =
    "The acquires that see the sections end and the full barrier behind them order the same "
    + "accesses; each alone suffices. The barrier is what `synchronize_rcu` promises."
  private static let sharedList =
    "Conducted runs have a list for each CPU, whose program order suffices. Native threads share "
    + "one list, which no program can reach under the explorer."
  private static let twoQueues =
    "Only a work that two CPUs queue at once can miss it, and in weak memory the explorer refuses "
    + "two threads that both start something (Limits). Full as upstream's `atomic_fetch_or` is."
  private static let nativeOnly =
    "Runs on real threads only: with a conductor the grace period's deferred work is the "
    + "explorer's own. It has the shape of `thread.end`, which a program needs."
}
