/// An expression of the dialect.
///
/// It may load, update and try locks while it is evaluated.
package indirect enum LitmusExpression: Hashable, Sendable {
  case integer(Int)
  /// A register, or a parameter, whose value is the address of its variable.
  case name(String)
  /// `*address` and its marked kin.
  case load(LitmusLoad, LitmusExpression)
  case unary(LitmusUnaryOperator, LitmusExpression)
  case binary(LitmusBinaryOperator, LitmusExpression, LitmusExpression)
  case conditional(LitmusExpression, LitmusExpression, LitmusExpression)
  /// A read-modify-write.
  case update(LitmusUpdate, address: LitmusExpression, LitmusOrdering)
  /// `spin_trylock`: 1 if the lock was taken.
  case tryLock(LitmusExpression)
  /// `spin_is_locked`.
  case isLocked(LitmusExpression)
}

/// What a read-modify-write does with the old value, and what it returns.
package indirect enum LitmusUpdate: Hashable, Sendable {
  /// `xchg`: stores a value, returns the old one.
  case exchange(LitmusExpression)
  /// `cmpxchg`: stores `new` if the old value is `expected`; returns the old one.
  case compareExchange(expected: LitmusExpression, new: LitmusExpression)
  /// As `compareExchange`, but returns whether it stored, and keeps the old value in a register.
  case tryCompareExchange(register: String, new: LitmusExpression)
  /// `atomic_add` and its kin.
  case compute(LitmusBinaryOperator, LitmusExpression, returns: LitmusUpdateResult)
  /// `atomic_add_unless` and its kin: adds an amount if the old value allows it.
  case addIf(LitmusGuard, LitmusExpression, returns: LitmusUpdateResult)
}

/// What an update returns.
package enum LitmusUpdateResult: Hashable, Sendable {
  case nothing, old, new
  /// Whether the new value is zero.
  case isZero
  /// Whether the new value is negative.
  case isNegative
  /// Whether it stored.
  case success
}

/// When an update of kind ``LitmusUpdate/addIf(_:_:returns:)`` stores.
package indirect enum LitmusGuard: Hashable, Sendable {
  case unequal(LitmusExpression)
  case notNegative, notPositive, positive
}

/// How a read-modify-write orders.
package enum LitmusOrdering: String, Hashable, Sendable, CaseIterable {
  case relaxed = "_relaxed"
  case acquire = "_acquire"
  case release = "_release"
  /// Ordered as between two full barriers, if it stores.
  case full = ""
}

/// Operators with one operand.
package enum LitmusUnaryOperator: String, Hashable, Sendable, CaseIterable {
  case negate = "-"
  case complement = "~"
  case not = "!"
}

/// Operators with two operands.
///
/// Both are always evaluated, the left one first.
package enum LitmusBinaryOperator: String, Hashable, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case and = "&"
  case or = "|"
  case exclusiveOr = "^"
  /// `a & ~b`, in `atomic_andnot`.
  case andNot = "&~"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case both = "&&"
  case either = "||"
}
