public import Machine

/// Where a scenario says what there is and who does what.
///
/// One lab serves one execution.
///
/// The scenario's closure runs anew for every execution: it allocates, names the threads, and
/// returns; then the explorer decides who takes the next step. Threads share machine words,
/// cells and handles, never Swift variables: their bodies are `@Sendable`, so the compiler
/// refuses a race that the explorer could not see.
public final class Lab: Sendable {
  private let world: any LabWorld

  init(world: any LabWorld) { self.world = world }

  /// A task on a virtual CPU.
  ///
  /// Two tasks of one CPU are interleaved too, where preemption is on.
  public func thread(_ name: String, cpu: Int, _ body: @escaping @Sendable () -> Void) {
    world.addThread(Spawn(name: name, cpu: cpu, context: .task, body: body))
  }

  /// An interrupt handler that fires once, wherever its CPU has interrupts enabled.
  public func interrupt(_ name: String, cpu: Int, _ body: @escaping @Sendable () -> Void) {
    world.addThread(Spawn(name: name, cpu: cpu, context: .interrupt, body: body))
  }

  /// A softirq that was raised before anybody ran: it runs once, wherever its CPU is in no
  /// interrupt and has softirqs and interrupts on, before the task there goes on.
  ///
  /// A running thread raises one with `Softirq.raise`.
  public func softirq(_ name: String, cpu: Int, _ body: @escaping @Sendable () -> Void) {
    world.addThread(Spawn(name: name, cpu: cpu, context: .softirq, body: body))
  }

  /// What runs when all threads have ended: the place for claims about the outcome.
  public func finally(_ body: @escaping @Sendable () -> Void) { world.addFinally(body) }

  /// Claims something about every state: the question is asked after each step, whoever took it.
  ///
  /// What it reads is no step, and it may do nothing but read. A search that leaves interleavings
  /// out leaves states out too, so that only `ExplorationOptions.Reduction.none` asks about all.
  ///
  /// - Parameter violation: Says what is wrong with the state, or nil.
  /// - Precondition: The search is one of interleavings; an execution graph has no states.
  package func always(_ violation: @escaping @Sendable () -> String?) {
    world.addInvariant(violation)
  }

  /// Claims something about this point of the program.
  public func expect(_ holds: Bool, _ message: @autoclosure () -> String) {
    Machine.expect(holds, message())
  }

  /// Notes what this execution came to; the report counts how many came to the same.
  ///
  /// Several notes of one execution are one outcome. Only an execution that breaks no rule counts.
  public func outcome(_ text: String) { world.note(outcome: text) }

  /// Memory for a record.
  ///
  /// It must be freed once before the scenario ends.
  public func allocate<Record: ~Copyable>(_ record: consuming Record) -> Object<Record> {
    Machine.allocate(record)
  }

  /// Frees a record plainly, without a grace period.
  public func free<Record: ~Copyable>(_ object: Object<Record>) { Machine.free(object) }

  /// Waits, running, until the condition holds.
  public func spin(until condition: Condition) { Machine.spin(until: condition) }

  /// A decision that the scenario leaves open: every number below `limit` is tried.
  public func choose(below limit: UInt64, _ label: StaticString) -> UInt64 {
    Machine.choose(below: limit, label)
  }
}

/// What a scenario is told to: the conductor of its execution.
protocol LabWorld: AnyObject, Sendable {
  func addThread(_ spawn: Spawn)
  func addFinally(_ body: @escaping @Sendable () -> Void)
  func note(outcome: String)
  func addInvariant(_ violation: @escaping @Sendable () -> String?)
}

extension LabWorld {
  func addInvariant(_ violation: @escaping @Sendable () -> String?) {
    preconditionFailure("explorer: states belong to interleavings; choose `.sequential` memory")
  }
}
