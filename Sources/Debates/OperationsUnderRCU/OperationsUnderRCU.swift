internal import Explorer
internal import Fences
internal import Kernel
internal import Machine

extension Debate {
  /// How long a fence may call its driver, and what the driver waits for.
  public static let operationsUnderRCU = Debate(
    name: "operations-under-rcu",
    question: "How long may a fence call its driver, and what must the driver wait for?",
    workloads: operationsWorkloads, probe: operationsProbe, designs: operationsDesigns)

  private static let operationsWorkloads: [Workload] = [
    Workload("unload", "a driver may unload after its fence was signaled") { unload($0) },
    Workload("unload-kept", "it may where the table has a release and stays attached") {
      unload($0, keepsTable: true)
    },
    Workload("names", "what names are made of may go a grace period after the signal") {
      nameOfAttachedFence($0)
    },
  ]

  private static let operationsProbe = Probe("asking for the driver's name") { lab in
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    lab.finally {
      fence.signal()
      fence.put()
    }
    return { _ = fence.driverName }
  }

  private static let operationsDesigns: [Design] = [
    Design(
      name: "detach-and-wait", summary: "until the signal, and the driver waits a grace period",
      origin: .upstream,
      remember: """
        One grace period between the last signal and the unload; tables with release or \
        wait stay attached, and the module must outlive their fences.
        """,
      twin: ("detach-without-waiting", "the driver waits for a grace period")),
    Design(
      name: "naked-pointer", summary: "for ever; the driver waits for nothing",
      origin: .former, policy: FencePolicy(operationsLifetime: .nakedPointer),
      remember: "The module may not go while anybody holds a fence, and nobody can tell.",
      twin: ("module-pinned", "a fence does not keep its module"), brokenRows: staysAttached),
    Design(
      name: "module-pinned", summary: "for ever; each fence keeps its module",
      origin: .reconstruction, policy: FencePolicy(operationsLifetime: .modulePinned),
      remember: """
        One forgotten reference to a signaled fence keeps the driver loaded for good; \
        what is not part of the module needs a rule of its own.
        """,
      twin: ("naked-pointer", "a fence keeps its module"), brokenRows: staysAttached),
    Design(
      name: "detach-without-waiting", summary: "until the signal; the driver does not wait",
      origin: .reconstruction, policy: FencePolicy(operationsLifetime: .detachWithoutWaiting),
      remember: "Nobody may be inside the driver when it goes, and nobody can tell.",
      twin: ("detach-and-wait", "the driver waits for nobody")),
    Design(
      name: "names-by-flag", summary: "as upstream, but the flag guards the names",
      origin: .former, policy: FencePolicy(nameGuard: .signaledFlag),
      remember: """
        Flag and table are two loads, and nothing orders them: on weak memory a reader \
        sees neither the flag nor the table.
        """,
      twin: ("detach-and-wait", "names look at the flag, not at the pointer")),
  ]

  private static let staysAttached = Design.BrokenRows(
    names: ["dma-buf-fence: test_signaling"],
    reason: "it wants a signaled fence to have lost its driver's name")

  // MARK: - Workloads

  private static func unload(_ lab: Lab, keepsTable: Bool = false) {
    let release: @Sendable (Fence) -> Void = { $0.free() }
    let table = Machine.allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring 0" },
        release: keepsTable ? release : nil))
    let fence = Fence.make(operations: table, context: 1, seqno: 1).get()
    let isLoaded = lab.allocate(Word<Bool>(true))
    lab.thread("driver", cpu: 0) {
      fence.signal()
      fence.put()
      unload(table, isLoaded)
    }
    lab.thread("reader", cpu: 1) {
      _ = fence.driverName
      fence.put()
    }
    lab.finally {
      // relaxed: the threads are over.
      if isLoaded.record.load(.relaxed) { unload(table, isLoaded) }
      lab.free(isLoaded)
    }
  }

  /// Tries to unload; a module that is kept stays.
  private static func unload(_ table: Object<FenceOperations>, _ isLoaded: Object<Word<Bool>>) {
    do throws(Errno) {
      try FenceOperations.unload(table)
      // relaxed: read when the threads are over.
      isLoaded.record.store(false, .relaxed)
    } catch {
      Kernel.warn(unless: error == .busy, "unloading was refused for another reason than users")
    }
  }

  private static func nameOfAttachedFence(_ lab: Lab) {
    let ring = lab.allocate(Cell<UInt32>(0))
    let table = lab.allocate(
      FenceOperations(
        driverName: { _ in "lab" }, timelineName: { _ in "ring \(ring.record.value)" },
        release: { $0.free() }))
    let fence = Fence.make(operations: table, context: 1, seqno: 1)
    lab.thread("driver", cpu: 0) {
      fence.signal()
      RCU.synchronize()
      lab.free(ring)
    }
    lab.thread("reader", cpu: 1) { _ = fence.timelineName }
    lab.finally {
      fence.put()
      RCU.synchronize()
      lab.free(table)
    }
  }
}
