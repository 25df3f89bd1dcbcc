internal import Explorer
internal import Fences
internal import Kernel
internal import Machine

extension Debate {
  /// How an error reaches the fence.
  public static let signalWithError = Debate(
    name: "signal-with-error",
    question: "Should the error come with the signal, or before it?",
    workloads: errorWorkloads, probe: errorProbe, designs: errorDesigns)

  private static let errorWorkloads: [Workload] = [
    Workload("late", "an error never reaches a fence that has said done", ending)
  ]

  private static let errorProbe = Probe("signaling a failure") { lab in
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    lab.finally { fence.put() }
    return { fence.signal(error: .timeExpired) }
  }

  private static let errorDesigns: [Design] = [
    Design(
      name: "separate-call", summary: "the error is set, then the fence is signaled",
      origin: .upstream,
      remember: """
        Only the one who will certainly signal may set an error; where two may, the \
        fence's lock goes around both calls.
        """,
      twin: ("mandatory-argument", "setting and signaling are two steps")),
    Design(
      name: "mandatory-argument", summary: "the error is an argument of the signal",
      origin: .reconstruction, policy: FencePolicy(errorHandover: .mandatoryArgument),
      remember: "The core, where it signals on a driver's behalf, has no error to pass on.",
      twin: ("separate-call", "setting and signaling are one step under the lock")),
    Design(
      name: "check-and-signal", summary: "the error is set, and signaling says who was first",
      origin: .upstream, policy: FencePolicy(errorHandover: .checkAndSignal),
      remember: """
        The answer comes after the error was set: it tells the caller that it was late, \
        not the fence.
        """,
      twin: ("mandatory-argument", "setting and signaling are two steps, and the second answers")),
    Design(
      name: "lock-around-both", summary: "the driver takes the fence's lock around both calls",
      origin: .drivers,
      remember: "Every place that signals must do it, and none may forget the test.",
      twin: ("separate-call", "the fence's lock is held around both"),
      forms: ["late": { lab in ending(lab, by: underTheLock) }],
      probe: { lab in
        let fence = Fence.make(operations: names, context: 1, seqno: 1)
        lab.finally { fence.put() }
        return { underTheLock(fence, .timeExpired) }
      }),
  ]

  // MARK: - Workloads

  private static func ending(_ lab: Lab) { ending(lab) { $0.signal(error: $1) } }

  /// One fence, an interrupt that completes it, and a timeout that gives it up.
  private static func ending(_ lab: Lab, by signal: @escaping @Sendable (Fence, Errno?) -> Void) {
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    lab.interrupt("completion", cpu: 0) { signal(fence, nil) }
    lab.thread("timeout", cpu: 1) { signal(fence, .timeExpired) }
    lab.finally {
      lab.outcome("the fence says \(fence.status())")
      fence.put()
    }
  }

  private static let underTheLock: @Sendable (Fence, Errno?) -> Void = { fence, error in
    fence.withLock {
      guard fence.statusLocked() == .pending else { return }
      if let error { fence.setError(error) }
      fence.signalLocked()
    }
  }
}
