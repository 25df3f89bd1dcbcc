/// A value in terms of what the thread's reads return.
indirect enum Formula: Hashable {
  case constant(Value)
  /// What the event with this number read.
  case read(Int)
  case unary(LitmusUnaryOperator, Formula)
  case binary(LitmusBinaryOperator, Formula, Formula)

  /// What a formula comes to.
  enum Outcome: Equatable {
    case value(Value)
    /// A read it needs is not settled yet.
    case open
    /// C gives it no meaning.
    case meaningless
  }

  func evaluate(_ read: (Int) -> Value?) -> Outcome {
    switch self {
    case .constant(let value): return .value(value)
    case .read(let event): return read(event).map { .value($0) } ?? .open
    case .unary(let sign, let inner):
      guard case .value(let value) = inner.evaluate(read) else { return inner.evaluate(read) }
      return sign(value).map { .value($0) } ?? .meaningless
    case .binary(let sign, let left, let right):
      let (one, other) = (left.evaluate(read), right.evaluate(read))
      guard case .value(let first) = one else { return one }
      guard case .value(let second) = other else { return other }
      return sign(first, second).map { .value($0) } ?? .meaningless
    }
  }

  /// The value, if no read decides it.
  var constant: Value? {
    guard case .value(let value) = evaluate({ _ in nil }) else { return nil }
    return value
  }

  func renumbered(_ offset: Int) -> Formula {
    switch self {
    case .constant: self
    case .read(let event): .read(event + offset)
    case .unary(let sign, let inner): .unary(sign, inner.renumbered(offset))
    case .binary(let sign, let left, let right):
      .binary(sign, left.renumbered(offset), right.renumbered(offset))
    }
  }
}

/// A formula, and the reads that it depends on as the source is written.
///
/// `r - r` is 0 and yet depends on `r`: dependencies are a matter of syntax.
struct Tracked: Hashable {
  var formula: Formula
  /// Events of the thread, one bit each.
  var reads: UInt64 = 0

  static func integer(_ number: Int) -> Tracked {
    Tracked(formula: .constant(Value(number: number)))
  }

  static func unary(_ sign: LitmusUnaryOperator, _ inner: Tracked) -> Tracked {
    Tracked(formula: simplified(.unary(sign, inner.formula)), reads: inner.reads)
  }

  static func binary(_ sign: LitmusBinaryOperator, _ left: Tracked, _ right: Tracked) -> Tracked {
    Tracked(
      formula: simplified(.binary(sign, left.formula, right.formula)),
      reads: left.reads | right.reads)
  }

  /// What is the same whatever the reads return is a constant, also in a circle of values.
  private static func simplified(_ formula: Formula) -> Formula {
    if let constant = formula.constant { return .constant(constant) }
    guard case .binary(let sign, let left, let right) = formula else { return formula }
    let zero = Formula.constant(Value(number: 0))
    switch sign {
    case .exclusiveOr, .subtract, .unequal, .less, .greater: return left == right ? zero : formula
    case .equal, .lessOrEqual, .greaterOrEqual:
      return left == right ? .constant(Value(number: 1)) : formula
    case .and, .multiply: return left == zero || right == zero ? zero : formula
    default: return formula
    }
  }
}
