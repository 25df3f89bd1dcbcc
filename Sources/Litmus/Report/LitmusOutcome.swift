/// What was found out about a test.
package struct LitmusOutcome: Sendable {
  /// The test.
  package let test: LitmusTest
  /// Every state an execution can end in, sorted, with the number of executions that do.
  ///
  /// An execution is a consistent graph: a way through each thread, the write each read reads from,
  /// and the order of the writes of each variable. A lock's order of sections counts, and so does
  /// the section that a failed `spin_trylock` or a `spin_is_locked` saw. Two runs that differ in
  /// nothing else, only in when things happened, are one execution.
  package var states: [LitmusState] = []
  /// Executions that satisfy the condition.
  package var positive = 0
  /// Executions that do not.
  package var negative = 0
  /// Executions with a data race, among those counted.
  package var racy = 0
  /// What is odd about the test, in the model's words.
  package var flags: [String] = []
  /// An execution that answers the question: it satisfies the condition, or breaks a `forall`.
  package var witness: LitmusWitness?
  /// An execution with a data race.
  package var race: LitmusWitness?
  /// Every execution, if the options ask for them.
  package var executions: [LitmusWitness] = []
  /// How long it took.
  package var duration = Duration.zero

  /// Executions that count.
  package var count: Int { positive + negative }

  /// The words for how often the condition holds.
  package var observation: LitmusObservation {
    if count == 0 { return .deadlock }
    return positive == 0 ? .never : negative == 0 ? .always : .sometimes
  }

  /// Whether the question's answer is yes.
  package var isSatisfied: Bool {
    switch test.quantifier {
    case .exists: positive > 0
    case .never: positive == 0
    case .always: negative == 0
    }
  }
}

/// How often a condition holds.
package enum LitmusObservation: String, Sendable {
  case always = "Always"
  case sometimes = "Sometimes"
  case never = "Never"
  /// No execution comes to its end.
  case deadlock = "DEADLOCK"
}

/// A state, and how many executions end in it.
package struct LitmusState: Hashable, Sendable {
  /// The names the test observes, and their values.
  package var values: [Binding]
  /// Executions that end so.
  package var count: Int
  /// Whether the condition holds.
  package var satisfies: Bool

  /// A name and its value.
  package struct Binding: Hashable, Sendable, CustomStringConvertible {
    package var name: LitmusObservable
    package var value: LitmusValue
    package var description: String { "\(name)=\(value);" }
  }

  /// The bindings in one line, such as `0:r1=1; x=2;`.
  package var text: String { values.map(\.description).joined(separator: " ") }
}

/// How a test is decided.
package struct LitmusOptions: Sendable {
  /// Whether program order and reads-from may form a circle, as the kernel's model allows.
  package var forbidsLoadBuffering: Bool
  /// Whether the outcome holds every execution, not one witness alone.
  package var keepsExecutions: Bool

  package init(forbidsLoadBuffering: Bool = false, keepsExecutions: Bool = false) {
    self.forbidsLoadBuffering = forbidsLoadBuffering
    self.keepsExecutions = keepsExecutions
  }
}
