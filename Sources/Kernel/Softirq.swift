internal import Machine

/// What a handler leaves for later, to be done with interrupts on: the kernel's softirqs and
/// tasklets.
public enum Softirq {
  /// Lets `body` run on this CPU before the task there goes on, as soon as no interrupt runs and
  /// softirqs and interrupts are on (`raise_softirq`, `tasklet_schedule`).
  ///
  /// It runs once for each raise, may be interrupted, and must not sleep. Explored runs let it
  /// begin at any such moment, because a busy kernel hands it to a thread of its own.
  ///
  /// Natively one thread stands for all CPUs; disabling softirqs does not keep it out.
  ///
  /// - Ordering: What was written before is visible to `body`.
  /// - Progress: Never blocks; may be called from handlers and with interrupts off.
  public static func raise(_ name: String, _ body: @escaping @Sendable () -> Void) {
    guard let cpu = Conductor.current?.currentCPU else { return NativeQueue.softirqs.add(body) }
    _ = Conductor.perform(.spawn(Spawn(name: name, cpu: cpu, context: .softirq, body: body)))
  }
}
