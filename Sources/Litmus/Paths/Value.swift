/// A value during the search: a number, a variable's address with an offset, or one from nowhere.
struct Value: Hashable {
  var number: Int
  /// The variable, -1 for a number, or -2 for what explains itself in a circle.
  var place = -1

  /// The value of a circle of copies, named by one of the reads in it.
  static func fromNowhere(_ read: Int) -> Value { Value(number: read, place: -2) }

  var isFromNowhere: Bool { place == -2 }

  static func boolean(_ isTrue: Bool) -> Value { Value(number: isTrue ? 1 : 0) }

  var isTrue: Bool { place >= 0 || number != 0 }

  /// The variable this is the address of.
  var variable: Int? { place >= 0 && number == 0 ? place : nil }
}

extension LitmusUnaryOperator {
  /// Nil where C gives no meaning.
  func callAsFunction(_ value: Value) -> Value? {
    if value.isFromNowhere { return nil }
    return switch self {
    case .not: .boolean(!value.isTrue)
    case .negate: value.place < 0 ? Value(number: 0 &- value.number) : nil
    case .complement: value.place < 0 ? Value(number: ~value.number) : nil
    }
  }
}

extension LitmusBinaryOperator {
  /// Nil where C gives no meaning, such as the product of two addresses.
  func callAsFunction(_ left: Value, _ right: Value) -> Value? {
    if left.isFromNowhere || right.isFromNowhere {
      // Whatever it is, it differs from itself by nothing.
      let isNothing = left == right && (self == .exclusiveOr || self == .subtract)
      return isNothing ? Value(number: 0) : nil
    }
    switch self {
    case .equal: return .boolean(left == right)
    case .unequal: return .boolean(left != right)
    case .both: return .boolean(left.isTrue && right.isTrue)
    case .either: return .boolean(left.isTrue || right.isTrue)
    case .exclusiveOr where left == right: return Value(number: 0)
    default: break
    }
    if left.place < 0, right.place < 0 {
      return compute(left.number, right.number).map { Value(number: $0) }
    }
    return onAddresses(left, right)
  }

  private func onAddresses(_ left: Value, _ right: Value) -> Value? {
    let zero = Value(number: 0)
    switch self {
    case .add where left.place < 0 || right.place < 0:
      return Value(number: left.number &+ right.number, place: max(left.place, right.place))
    case .subtract where right.place < 0:
      return Value(number: left.number &- right.number, place: left.place)
    case .subtract where left.place == right.place:
      return Value(number: left.number &- right.number)
    case .and, .multiply: return left == zero || right == zero ? zero : nil
    case .or, .exclusiveOr: return left == zero ? right : right == zero ? left : nil
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard left.place == right.place else { return nil }
      return compute(left.number, right.number).map { Value(number: $0) }
    default: return nil
    }
  }

  private func compute(_ left: Int, _ right: Int) -> Int? {
    switch self {
    case .add: left &+ right
    case .subtract: left &- right
    case .multiply: left &* right
    case .divide: right == 0 ? nil : left.dividedReportingOverflow(by: right).partialValue
    case .remainder:
      right == 0 ? nil : left.remainderReportingOverflow(dividingBy: right).partialValue
    case .and: left & right
    case .or: left | right
    case .exclusiveOr: left ^ right
    case .andNot: left & ~right
    case .shiftLeft: (0..<64).contains(right) ? left << right : nil
    case .shiftRight: (0..<64).contains(right) ? left >> right : nil
    case .less: left < right ? 1 : 0
    case .lessOrEqual: left <= right ? 1 : 0
    case .greater: left > right ? 1 : 0
    case .greaterOrEqual: left >= right ? 1 : 0
    case .equal, .unequal, .both, .either: nil
    }
  }
}
