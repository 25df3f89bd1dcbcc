internal import Explorer
internal import Machine

/// What the explorer finds out about a litmus test.
package struct LitmusExploration: Sendable {
  /// Every state that a complete execution ends in, with the number of executions that do.
  package var states: [[LitmusValue]: Int] = [:]
  /// Complete executions.
  package var executions = 0
  /// The verdict as reports spell it; `passed` if nothing but states was found.
  package var verdict = ""
  /// Why the explorer stopped, if it did.
  package var message = ""
}

extension LitmusTest {
  /// Why the test cannot be run as a program; nil if it can.
  package var obstacleToExploring: String? {
    for thread in threads {
      for statement in thread.body {
        if let obstacle = statement.obstacle { return obstacle }
      }
    }
    return nil
  }

  /// Runs the test as a program, on weak memory without load buffering.
  ///
  /// It decides nothing about memory: the explorer does, from the accesses, dependencies, locks and
  /// read sections that the test performs. The values are those of ``observables``, in that order.
  /// A test that keeps a lock or a read section to its end is reported as misuse.
  package func explore(executionsMax: Int = 1_000_000) -> LitmusExploration {
    let collector = LitmusCollector()
    var options = ExplorationOptions()
    options.memory = .weak
    options.executionsMax = executionsMax
    let report = Explorer.explore(name, options: options) { lab in
      let words = LitmusWords(self, lab)
      var runs: [LitmusRun] = []
      for (number, thread) in threads.enumerated() {
        let run = LitmusRun(words, registers(of: number, words))
        runs.append(run)
        lab.thread("P\(number)", cpu: number) { run.perform(thread.body) }
      }
      lab.finally { [runs] in
        collector.note(
          observables.map { name in
            switch name {
            case .variable(let variable): words.final(variable)
            case .register(let register):
              words.value(runs[register.thread].registers[register.name]?.bits ?? 0)
            }
          })
        words.free(lab)
      }
    }
    return LitmusExploration(
      states: collector.states, executions: report.executions, verdict: report.verdict.rawValue,
      message: report.failure?.message ?? report.bound)
  }

  private func registers(of thread: Int, _ words: LitmusWords) -> [String: UInt64] {
    var found: [String: UInt64] = [:]
    for (register, value) in initialRegisters where register.thread == thread {
      found[register.name] = words.bits(of: value)
    }
    return found
  }
}

/// Counts the states of complete executions.
// Safety: all executions of one exploration share one OS thread.
private final class LitmusCollector: @unchecked Sendable {
  private(set) var states: [[LitmusValue]: Int] = [:]

  func note(_ values: [LitmusValue]) { states[values, default: 0] += 1 }
}

/// The shared variables of a test as machine words.
struct LitmusWords: Sendable {
  private let objects: [String: Object<Word<UInt64>>]
  private let names: [UInt64: String]

  init(_ test: LitmusTest, _ lab: Lab) {
    var (objects, names) = ([String: Object<Word<UInt64>>](), [UInt64: String]())
    for name in test.sharedVariables {
      let word = lab.allocate(Word<UInt64>(0))
      objects[name] = word
      names[UInt64(word.machineAddress)] = name
    }
    self.objects = objects
    self.names = names
    for (name, value) in test.initial {
      // relaxed: no thread runs yet.
      objects[name]?.record.store(bits(of: value), .relaxed)
    }
  }

  func address(of name: String) -> UInt64? { objects[name].map { UInt64($0.machineAddress) } }

  func bits(of value: LitmusValue) -> UInt64 {
    switch value {
    case .integer(let number): UInt64(bitPattern: Int64(number))
    case .address(let name): address(of: name) ?? 0
    case .fromNowhere: preconditionFailure("nothing begins with a value from nowhere")
    }
  }

  func value(_ bits: UInt64) -> LitmusValue {
    names[bits].map { .address($0) } ?? .integer(Int(Int64(bitPattern: bits)))
  }

  func final(_ name: String) -> LitmusValue {
    // relaxed: all threads have ended.
    value(objects[name]?.record.load(.relaxed) ?? 0)
  }

  func free(_ lab: Lab) {
    for name in objects.keys.sorted() {
      if let word = objects[name] { lab.free(word) }
    }
  }
}

extension LitmusStatement {
  fileprivate var obstacle: String? {
    switch action {
    case .assign(_, let value), .evaluate(let value): value.obstacle
    case .store(_, let address, let value), .storeThenBarrier(let address, let value):
      address.obstacle ?? value.obstacle
    case .branch(let condition, let then, let otherwise):
      condition.obstacle
        ?? (then + otherwise).lazy.compactMap(\.obstacle).first
    default: nil
    }
  }
}

extension LitmusExpression {
  fileprivate var obstacle: String? {
    switch self {
    case .integer, .name, .tryLock, .isLocked: nil
    case .load(_, let inner), .unary(_, let inner): inner.obstacle
    case .binary(_, let left, let right): left.obstacle ?? right.obstacle
    case .conditional(let condition, let then, let otherwise):
      condition.obstacle ?? then.obstacle ?? otherwise.obstacle
    case .update(let update, _, _): update.obstacle
    }
  }
}

extension LitmusUpdate {
  fileprivate var obstacle: String? {
    switch self {
    case .exchange, .compareExchange: nil
    case .compute(let sign, _, _):
      [.add, .subtract, .and, .or].contains(sign)
        ? nil : "an update with `\(sign.rawValue)` is not explored"
    case .tryCompareExchange, .addIf: "a conditional update is not explored"
    }
  }
}
