/// Why an ordering stands although no program fails without it.
enum WeakeningReasons {
  /// By the name of the ordering.
  static let all: [String: String] = [
    "Fence+EnablingSignaling.swift enableSignalingHoldingLock full[fence.enable]":
      "The fence's lock orders everything around it; the update is full because upstream's "
      + "`test_and_set_bit` is.",
    "IRQWork.swift queue full[irqwork.claim]": twoQueues,
    "IRQWork.swift run full[irqwork.claim]": twoQueues,
    "IRQWorkList.swift push full[irqwork.list]": sharedList,
    "IRQWorkList.swift run full[irqwork.list]": sharedList,
    "KernelTask.swift sendSignal full[task.sleep]":
      "The full exchange on the line before orders already; upstream's `try_to_wake_up` is full "
      + "whoever calls it.",
    "Reclaimer.swift drain acquire[reclaimer.drain]": nativeOnly,
    "Reclaimer.swift drain release[reclaimer.drain]": nativeOnly,
  ]

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
