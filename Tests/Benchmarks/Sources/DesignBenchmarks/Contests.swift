internal import Fences
internal import Kernel
internal import Machine

private let names = Machine.permanent(
  FenceOperations(driverName: { _ in "bench" }, timelineName: { _ in "ring 0" }))

/// A fence that nobody frees.
private func lasting() -> Fence { Fence.make(operations: names, context: 1, seqno: 1) }

extension Contest {
  static var whoseLock: Contest {
    Contest(
      debate: "whose-lock", operation: "asking for the status",
      entrants: [
        status("inline-flag", .inlineOrExternal), status("external-uncounted", .externalUncounted),
        status("external-counted", .externalCounted),
      ],
      absences: [
        "null-test": "none: whoever gives the lock back is warned each time",
        "inline-beside": "none: a core of its own, which does less",
      ])
  }

  private static func status(_ design: String, _ placement: LockPlacementPolicy) -> Entrant {
    Entrant(design: design, policy: FencePolicy(lockPlacement: placement)) {
      let context = ContextLock.make()
      let fence = Fence.make(operations: names, of: context, context: 1, seqno: 1)
      return { times in Loops.status(fence, times) }
    }
  }

  static var operationsUnderRCU: Contest {
    Contest(
      debate: "operations-under-rcu", operation: "asking for the driver's name",
      entrants: [
        name("detach-and-wait", FencePolicy(operationsLifetime: .detachOnSignal)),
        name("naked-pointer", FencePolicy(operationsLifetime: .nakedPointer)),
        name("module-pinned", FencePolicy(operationsLifetime: .modulePinned)),
        name("detach-without-waiting", FencePolicy(operationsLifetime: .detachWithoutWaiting)),
        name("names-by-flag", FencePolicy(nameGuard: .signaledFlag)),
      ])
  }

  private static func name(_ design: String, _ policy: FencePolicy) -> Entrant {
    Entrant(design: design, policy: policy) {
      let fence = lasting()
      return { times in Loops.driverName(fence, times) }
    }
  }

  static var theSignaledBit: Contest {
    Contest(
      debate: "the-signaled-bit", operation: "a question to a signaled fence",
      entrants: [
        question("lockless", .lockless), question("under-the-lock", .underTheLock),
        question("lock-unless-signaled", .lockUnlessSignaled),
        question("after-callbacks", .afterCallbacks),
        question("lockless-then-lock", .locklessThenLock),
        question("hazard-pointer", .hazardPointer),
      ])
  }

  private static func question(_ design: String, _ bit: SignaledBitPolicy) -> Entrant {
    Entrant(design: design, policy: FencePolicy(signaledBit: bit)) {
      let fence = lasting()
      fence.signal()
      return { times in Loops.isSignaled(fence, times) }
    }
  }

  static var signalWithError: Contest {
    Contest(
      debate: "signal-with-error", operation: "initialising a fence and signaling a failure",
      entrants: [
        failure("separate-call", .separateCall), failure("mandatory-argument", .mandatoryArgument),
        failure("check-and-signal", .checkAndSignal),
        Entrant(design: "lock-around-both") {
          let fence = lasting()
          return { times in Loops.failUnderTheLock(fence, times) }
        },
      ])
  }

  private static func failure(_ design: String, _ handover: ErrorHandoverPolicy) -> Entrant {
    Entrant(design: design, policy: FencePolicy(errorHandover: handover)) {
      let fence = lasting()
      return { times in Loops.fail(fence, times) }
    }
  }

  // MARK: - Looks

  static var lines: Contest {
    Contest(
      debate: "what-a-cache-line-costs", operation: "a look at a signaled fence, by one thread",
      entrants: [
        look("flag-load", Loops.flag), look("lock-and-test", Loops.lockAndTest),
        look("get-test-put", Loops.getTestPut), underRCU, copy,
      ], absences: ["flag-beside-writes": "none: needs a second core that does nothing else"])
  }

  private static func look(
    _ design: String, _ loop: @escaping (Fence, UInt64) -> Void
  ) -> Entrant {
    Entrant(design: design) {
      let fence = lasting()
      fence.signal()
      return { times in loop(fence, times) }
    }
  }

  private static var underRCU: Entrant {
    Entrant(design: "test-under-rcu") {
      let fence = lasting()
      fence.signal()
      let pointer = Machine.permanent(alignment: 64, Word<Fence?>(fence))
      return { times in Loops.testUnderRCU(pointer, times) }
    }
  }

  private static var copy: Entrant {
    Entrant(design: "per-cpu-copy") {
      let fence = lasting()
      fence.signal()
      let copy = Machine.permanent(alignment: 64, Word<UInt>(0))
      return { times in Loops.copied(fence, copy, times) }
    }
  }
}
