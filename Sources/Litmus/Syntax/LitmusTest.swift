/// A litmus test: a few threads, what they start from, and a question about how they can end.
///
/// Tests are parsed from the kernel's C dialect, or built from values; `description` is the dialect
/// again, and parsing it gives an equal test but for line numbers.
package struct LitmusTest: Hashable, Sendable, CustomStringConvertible {
  /// The name after `C` on the first line.
  package var name: String
  /// Initial values of shared variables; the others start at 0.
  package var initial: [String: LitmusValue]
  /// Initial values of registers; the others start at 0.
  package var initialRegisters: [LitmusRegister: LitmusValue]
  /// The threads, `P0` first.
  package var threads: [LitmusThread]
  /// Names to be listed in the states, beside those of the condition.
  package var locations: [LitmusObservable]
  /// Executions that end otherwise do not count.
  package var filter: LitmusCondition?
  /// What is asked of the condition.
  package var quantifier: LitmusQuantifier
  /// What is asked.
  package var condition: LitmusCondition

  package init(
    _ name: String, initial: [String: LitmusValue] = [:],
    initialRegisters: [LitmusRegister: LitmusValue] = [:], threads: [LitmusThread],
    locations: [LitmusObservable] = [], filter: LitmusCondition? = nil,
    quantifier: LitmusQuantifier = .exists, condition: LitmusCondition = .always
  ) {
    self.name = name
    self.initial = initial
    self.initialRegisters = initialRegisters
    self.threads = threads
    self.locations = locations
    self.filter = filter
    self.quantifier = quantifier
    self.condition = condition
  }

  /// What the states list, registers by thread first, then variables.
  package var observables: [LitmusObservable] {
    Set(locations + condition.observables).sorted()
  }
}

/// One thread: its parameters are the shared variables it may name, its body runs once.
package struct LitmusThread: Hashable, Sendable {
  /// The shared variables the thread was handed, as pointers.
  package var parameters: [LitmusParameter]
  /// What the thread does.
  package var body: [LitmusStatement]

  package init(_ parameters: [LitmusParameter] = [], _ body: [LitmusStatement]) {
    self.parameters = parameters
    self.body = body
  }

  /// A thread that names variables of type `int`.
  package init(_ names: [String], _ body: [LitmusStatement]) {
    self.init(names.map { LitmusParameter($0) }, body)
  }
}

/// A parameter of a thread, such as `atomic_t *v`.
package struct LitmusParameter: Hashable, Sendable {
  /// The variable's name.
  package var name: String
  /// The type it points to, as written; it is checked by nobody.
  package var type: String

  package init(_ name: String, type: String = "int") {
    self.name = name
    self.type = type
  }
}

/// A register: a local variable of one thread.
package struct LitmusRegister: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The thread's number.
  package var thread: Int
  /// The local variable's name.
  package var name: String

  package init(_ thread: Int, _ name: String) {
    self.thread = thread
    self.name = name
  }

  package var description: String { "\(thread):\(name)" }

  package static func < (one: Self, other: Self) -> Bool {
    one.thread == other.thread
      ? isNaturallyBefore(one.name, other.name) : one.thread < other.thread
  }
}

/// A value: a number, or the address of a shared variable.
package enum LitmusValue: Hashable, Sendable, CustomStringConvertible {
  case integer(Int)
  case address(String)
  /// What explains itself in a circle of copies: it equals no number and no address.
  case fromNowhere

  package var description: String {
    switch self {
    case .integer(let number): String(number)
    case .address(let name): name
    case .fromNowhere: "?"
    }
  }
}

/// Whether one name comes before another when digits count as numbers: `r2` before `r10`.
func isNaturallyBefore(_ one: String, _ other: String) -> Bool {
  func parts(_ name: String) -> (String, Int, String) {
    let digits = String(name.reversed().prefix(while: \.isNumber).reversed())
    return (String(name.dropLast(digits.count)), Int(digits) ?? -1, digits)
  }
  let (left, right) = (parts(one), parts(other))
  return left == right ? false : left < right
}
