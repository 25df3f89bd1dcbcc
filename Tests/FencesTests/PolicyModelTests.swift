import Explorer
import Fences
import Kernel
import Machine
import Testing

/// The other policy points, each with the variant that holds and the one that does not.
@Suite(.serialized)
struct PolicyModelTests {
  private func report(
    _ policy: FencePolicy, memory: ExplorationOptions.Memory = .sequential,
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = memory
    return FencePolicy.with(policy) { explore("policy", options: options, scenario) }
  }

  // MARK: - Whose lock

  @Test(arguments: LockPlacementPolicy.allCases)
  func `a context may be closed after the signal, unless its fences borrow it uncounted`(
    placement: LockPlacementPolicy
  ) {
    let report = report(FencePolicy(lockPlacement: placement)) { lab in
      let context = ContextLock.make()
      let fence = Fence.make(operations: Plain.operations, of: context, context: 1, seqno: 1)
      fence.get()
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
    let expected: [LockPlacementPolicy: Verdict] = [
      .externalUncounted: .useAfterFree, .nullTest: .expectationFailed,
    ]
    #expect(report.verdict == expected[placement] ?? .passed, "\(report)")
  }

  @Test(arguments: [LockPlacementPolicy.externalUncounted, .externalCounted])
  func `a fence of no context brings its lock and takes it along`(
    placement: LockPlacementPolicy
  ) {
    let report = report(FencePolicy(lockPlacement: placement)) { lab in
      let fence = Plain.fence()
      lab.expect(!fence.has(.inlineLock), "the lock lies elsewhere")
      fence.get()
      lab.thread("signaler", cpu: 0) {
        fence.signal()
        fence.put()
      }
      lab.thread("importer", cpu: 1) {
        _ = fence.status()
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
  }

  // MARK: - Operations

  /// A driver that signals, and unloads as its design demands, while somebody asks for a name.
  private func unloading(
    _ policy: FencePolicy, keepsTable: Bool = false, memory: ExplorationOptions.Memory = .sequential
  ) -> ExplorationReport {
    report(policy, memory: memory) { lab in
      let release: @Sendable (Fence) -> Void = { $0.free() }
      let table = Machine.allocate(
        FenceOperations(
          driverName: { _ in "lab" }, timelineName: { _ in "ring" },
          release: keepsTable ? release : nil))
      let fence = Fence.make(operations: table, context: 1, seqno: 1)
      let isLoaded = lab.allocate(Word<Bool>(true))
      lab.thread("driver", cpu: 0) {
        fence.signal()
        Self.unload(table, isLoaded)
      }
      lab.thread("reader", cpu: 1) { _ = fence.driverName }
      lab.finally {
        fence.put()
        if isLoaded.record.load(.relaxed) { Self.unload(table, isLoaded) }
        lab.free(isLoaded)
      }
    }
  }

  private static func unload(_ table: Object<FenceOperations>, _ isLoaded: Object<Word<Bool>>) {
    do throws(Errno) {
      try FenceOperations.unload(table)
      isLoaded.record.store(false, .relaxed)
    } catch {
      Kernel.warn(unless: error == .busy, "unloading is refused as busy or not at all")
    }
  }

  @Test(arguments: OperationsLifetimePolicy.allCases)
  func `a driver may unload if it waits for readers or is kept by its fences`(
    lifetime: OperationsLifetimePolicy
  ) {
    for memory in ExplorationOptions.Memory.allCases {
      let report = unloading(FencePolicy(operationsLifetime: lifetime), memory: memory)
      let isRight = lifetime == .detachOnSignal || lifetime == .modulePinned
      #expect(report.verdict == (isRight ? .passed : .useAfterFree), "\(report)")
    }
  }

  @Test func `a fence that never detaches is asked for names after the table went`() {
    let byPointer = unloading(.upstream, keepsTable: true)
    #expect(byPointer.verdict == .useAfterFree, "\(byPointer)")
    let pinned = unloading(FencePolicy(operationsLifetime: .modulePinned), keepsTable: true)
    #expect(pinned.verdict == .passed, "\(pinned)")
  }

  // MARK: - Names

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `guarded by the flag, a name can be asked of a null table on weak memory`(
    memory: ExplorationOptions.Memory
  ) {
    for nameGuard in NameGuardPolicy.allCases {
      let report = report(FencePolicy(nameGuard: nameGuard), memory: memory) { lab in
        let fence = Plain.fence()
        lab.thread("signaler", cpu: 0) { fence.signal() }
        lab.thread("reader", cpu: 1) { _ = fence.driverName }
        lab.finally { fence.put() }
      }
      let fails = nameGuard == .signaledFlag && memory == .weak
      #expect(report.verdict == (fails ? .expectationFailed : .passed), "\(report)")
    }
  }

  // MARK: - Errors

  @Test(arguments: ErrorHandoverPolicy.allCases)
  func `only an error that comes with the signal is never late`(handover: ErrorHandoverPolicy) {
    let report = report(FencePolicy(errorHandover: handover)) { lab in
      let fence = Plain.fence()
      lab.interrupt("completion", cpu: 0) { fence.signal(error: nil) }
      lab.thread("timeout", cpu: 1) { fence.signal(error: .timeExpired) }
      lab.finally {
        lab.outcome("\(fence.status())")
        fence.put()
      }
    }
    let isRight = handover == .mandatoryArgument
    #expect(report.verdict == (isRight ? .passed : .expectationFailed), "\(report)")
    if isRight { #expect(report.outcomes?.count == 2) }
  }
}
