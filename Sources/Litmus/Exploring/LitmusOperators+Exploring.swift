internal import Machine

extension LitmusBarrier {
  var kind: BarrierKind {
    switch self {
    case .full: .full
    case .read: .read
    case .write: .write
    case .compiler: .compiler
    case .beforeAtomic: .beforeAtomic
    case .afterAtomic: .afterAtomic
    case .afterSpinlock: .afterSpinlock
    case .afterUnlockLock: .afterUnlockLock
    }
  }
}

extension LitmusUnaryOperator {
  func apply(_ bits: UInt64) -> UInt64 {
    switch self {
    case .negate: 0 &- bits
    case .complement: ~bits
    case .not: bits == 0 ? 1 : 0
    }
  }
}

extension LitmusBinaryOperator {
  func apply(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (one, other) = (Int64(bitPattern: left), Int64(bitPattern: right))
    func boolean(_ isTrue: Bool) -> UInt64 { isTrue ? 1 : 0 }
    switch self {
    case .add: return left &+ right
    case .subtract: return left &- right
    case .multiply: return left &* right
    case .divide: return other == 0 ? 0 : UInt64(bitPattern: one / other)
    case .remainder: return other == 0 ? 0 : UInt64(bitPattern: one % other)
    case .and: return left & right
    case .or: return left | right
    case .exclusiveOr: return left ^ right
    case .andNot: return left & ~right
    case .shiftLeft: return left << right
    case .shiftRight: return UInt64(bitPattern: one >> other)
    case .equal: return boolean(left == right)
    case .unequal: return boolean(left != right)
    case .less: return boolean(one < other)
    case .lessOrEqual: return boolean(one <= other)
    case .greater: return boolean(one > other)
    case .greaterOrEqual: return boolean(one >= other)
    case .both: return boolean(left != 0 && right != 0)
    case .either: return boolean(left != 0 || right != 0)
    }
  }
}

extension LitmusUpdateResult {
  func value(old: UInt64, new: UInt64) -> UInt64 {
    switch self {
    case .nothing: 0
    case .old: old
    case .new: new
    case .isZero: new == 0 ? 1 : 0
    case .isNegative: Int64(bitPattern: new) < 0 ? 1 : 0
    case .success: 1
    }
  }
}
