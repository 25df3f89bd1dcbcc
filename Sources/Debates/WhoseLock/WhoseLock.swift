internal import Explorer
internal import Fences
internal import Kernel
internal import Machine

extension Debate {
  /// Whose lock protects a fence.
  public static let whoseLock = Debate(
    name: "whose-lock",
    question: "Must a fence borrow its lock from its driver, or does it carry one of its own?",
    workloads: lockWorkloads, probe: lockProbe, designs: lockDesigns)

  private static let lockWorkloads: [Workload] = [
    Workload("close", "a driver may close its context once its fence is signaled") { lab in
      let context = ContextLock.make()
      let fence = Fence.make(operations: names, of: context, context: 1, seqno: 1).get()
      lab.thread("driver", cpu: 0) {
        fence.signal()
        fence.put()
        context.close()
      }
      lab.thread("importer", cpu: 1) {
        _ = fence.status()
        fence.put()
      }
    }
  ]

  private static let lockProbe = Probe("asking for the status") { lab in
    let context = ContextLock.make()
    let fence = Fence.make(operations: names, of: context, context: 1, seqno: 1)
    lab.finally {
      fence.put()
      context.close()
    }
    return { _ = fence.status() }
  }

  private static let lockDesigns: [Design] = [
    Design(
      name: "inline-flag",
      summary: "in the fence; a flag tells lock from pointer",
      origin: .upstream,
      remember: "A record that is found by its distance from the lock needs another way back.",
      twin: ("null-test", "a flag says which of the two it is, not the pointer's value")),
    Design(
      name: "external-uncounted", summary: "in the context's record, which nobody counts",
      origin: .drivers, policy: FencePolicy(lockPlacement: .externalUncounted),
      remember: """
        The lock must outlive every reference to every fence, and nobody tells the \
        driver when the last one goes.
        """,
      twin: ("external-counted", "a fence takes no reference to its context"),
      bytes: .init(context: ContextLock.byteCount)),
    Design(
      name: "external-counted", summary: "in the context's record, which each fence keeps",
      origin: .drivers, policy: FencePolicy(lockPlacement: .externalCounted),
      remember: """
        Each fence needs a release that gives the context back, and it may run in an \
        interrupt; such a fence never lets its driver's table go.
        """,
      twin: ("external-uncounted", "a fence takes a reference to its context"),
      bytes: .init(context: ContextLock.byteCount)),
    Design(
      name: "null-test", summary: "in the fence; a null pointer tells lock from pointer",
      origin: .reconstruction, policy: FencePolicy(lockPlacement: .nullTest),
      remember: "Nothing helps: a lock that somebody holds is no null pointer.",
      twin: ("inline-flag", "the pointer's value says which of the two it is, not a flag"),
      brokenRows: .init(
        passing: [
          "dma-buf-fence: test_add_callback", "dma-buf-fence: test_rm_callback",
          "dma-buf-fence: test_late_rm_callback", "dma-buf-fence: test_stub",
        ], reason: "whoever gives the lock back finds it held")),
    WideFence.design,
  ]

  static let names = Machine.permanent(
    FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))
}
