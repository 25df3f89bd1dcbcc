/// One statement of a thread, and where it stands.
package struct LitmusStatement: Hashable, Sendable {
  /// What it does.
  package var action: LitmusAction
  /// Its line in the file; 0 if the test was built from values.
  package var line: Int

  package init(_ action: LitmusAction, line: Int = 0) {
    self.action = action
    self.line = line
  }

  /// Assigns a register: `register = value;`.
  package static func assign(_ register: String, _ value: LitmusExpression) -> Self {
    Self(.assign(register, value))
  }

  /// A load into a register: `register = READ_ONCE(*variable);` and its kin.
  package static func load(_ register: String, _ kind: LitmusLoad, _ variable: String) -> Self {
    Self(.assign(register, .load(kind, .name(variable))))
  }

  /// A store of a number: `WRITE_ONCE(*variable, value);` and its kin.
  package static func store(_ kind: LitmusStore, _ variable: String, _ value: Int) -> Self {
    Self(.store(kind, address: .name(variable), .integer(value)))
  }

  /// A barrier.
  package static func barrier(_ barrier: LitmusBarrier) -> Self { Self(.barrier(barrier)) }
}

/// What a statement does.
package indirect enum LitmusAction: Hashable, Sendable {
  case assign(String, LitmusExpression)
  case store(LitmusStore, address: LitmusExpression, LitmusExpression)
  /// `smp_store_mb`: a marked store, then a full barrier.
  case storeThenBarrier(address: LitmusExpression, LitmusExpression)
  case barrier(LitmusBarrier)
  case lock(LitmusExpression)
  case unlock(LitmusExpression)
  case enterReadSection
  case leaveReadSection
  case waitForGracePeriod
  /// Whether a branch is taken orders the stores inside it, not those after it.
  case branch(LitmusExpression, then: [LitmusStatement], otherwise: [LitmusStatement])
  /// An expression whose value nobody keeps.
  case evaluate(LitmusExpression)
}

/// How a load is marked.
package enum LitmusLoad: Hashable, Sendable, CaseIterable {
  case plain, once, acquire
}

/// How a store is marked.
package enum LitmusStore: Hashable, Sendable, CaseIterable {
  case plain, once, release
}

/// The barriers of the kernel that are no accesses.
package enum LitmusBarrier: String, Hashable, Sendable, CaseIterable {
  case full = "smp_mb"
  case read = "smp_rmb"
  case write = "smp_wmb"
  case compiler = "barrier"
  case beforeAtomic = "smp_mb__before_atomic"
  case afterAtomic = "smp_mb__after_atomic"
  case afterSpinlock = "smp_mb__after_spinlock"
  case afterUnlockLock = "smp_mb__after_unlock_lock"
}
