/// A condition on how an execution ends.
package indirect enum LitmusCondition: Hashable, Sendable {
  case always
  case never
  /// The final value of a name is this one.
  case equal(LitmusObservable, LitmusValue)
  /// Two names end with the same value.
  case same(LitmusObservable, LitmusObservable)
  case not(LitmusCondition)
  case and(LitmusCondition, LitmusCondition)
  case or(LitmusCondition, LitmusCondition)

  /// The names the condition asks about.
  package var observables: [LitmusObservable] {
    switch self {
    case .always, .never: []
    case .equal(let name, _): [name]
    case .same(let one, let other): [one, other]
    case .not(let inner): inner.observables
    case .and(let one, let other), .or(let one, let other): one.observables + other.observables
    }
  }

  /// Whether an execution that ends with these values satisfies the condition.
  package func holds(_ value: (LitmusObservable) -> LitmusValue) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .equal(let name, let expected): value(name) == expected
    case .same(let one, let other): value(one) == value(other)
    case .not(let inner): !inner.holds(value)
    case .and(let one, let other): one.holds(value) && other.holds(value)
    case .or(let one, let other): one.holds(value) || other.holds(value)
    }
  }
}

/// What is asked of a condition.
package enum LitmusQuantifier: String, Hashable, Sendable {
  /// Some execution satisfies it.
  case exists = "exists"
  /// None does.
  case never = "~exists"
  /// All do.
  case always = "forall"
}

/// A name with a final value.
package enum LitmusObservable: Hashable, Sendable, Comparable, CustomStringConvertible {
  case register(LitmusRegister)
  case variable(String)

  package var description: String {
    switch self {
    case .register(let register): register.description
    case .variable(let name): name
    }
  }

  package static func < (one: Self, other: Self) -> Bool {
    switch (one, other) {
    case (.register(let one), .register(let other)): one < other
    case (.variable(let one), .variable(let other)): isNaturallyBefore(one, other)
    case (.register, .variable): true
    case (.variable, .register): false
    }
  }
}
