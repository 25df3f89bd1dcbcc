// The requirements are documented where the protocol is.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
public import Synchronization

// `Atomic` wants its ordering as a constant, hence one call for each case. The switches fold away
// where the caller's ordering is a constant, which it always is. The two widths stand side by side
// because the standard library has no protocol over them.

extension UInt32: MachineBits {
  @inlinable @inline(__always)
  public static func load(_ word: borrowing Atomic<UInt32>, _ ordering: LoadOrdering) -> UInt32 {
    switch ordering {
    // An address dependency orders by itself on every processor that Swift runs on.
    case .relaxed, .dependency: word.load(ordering: .relaxed)
    case .acquire: word.load(ordering: .acquiring)
    case .full: betweenFullBarriers { word.load(ordering: .relaxed) }
    }
  }

  @inlinable @inline(__always)
  public static func store(
    _ value: UInt32, to word: borrowing Atomic<UInt32>, _ ordering: StoreOrdering
  ) {
    switch ordering {
    case .relaxed: word.store(value, ordering: .relaxed)
    case .release: word.store(value, ordering: .releasing)
    case .full: betweenFullBarriers { word.store(value, ordering: .relaxed) }
    }
  }

  @inlinable @inline(__always)
  public static func update(
    _ word: borrowing Atomic<UInt32>, _ operation: BitsUpdate, _ operand: UInt32,
    _ ordering: UpdateOrdering
  ) -> UInt32 {
    switch operation {
    case .exchange:
      switch ordering {
      case .relaxed: word.exchange(operand, ordering: .relaxed)
      case .acquire: word.exchange(operand, ordering: .acquiring)
      case .release: word.exchange(operand, ordering: .releasing)
      case .full:
        withFullBarriers {
          word.exchange(operand, ordering: .sequentiallyConsistent)
        }
      }
    case .add:
      switch ordering {
      case .relaxed: word.wrappingAdd(operand, ordering: .relaxed).oldValue
      case .acquire: word.wrappingAdd(operand, ordering: .acquiring).oldValue
      case .release: word.wrappingAdd(operand, ordering: .releasing).oldValue
      case .full:
        withFullBarriers {
          word.wrappingAdd(operand, ordering: .sequentiallyConsistent).oldValue
        }
      }
    case .or:
      switch ordering {
      case .relaxed: word.bitwiseOr(operand, ordering: .relaxed).oldValue
      case .acquire: word.bitwiseOr(operand, ordering: .acquiring).oldValue
      case .release: word.bitwiseOr(operand, ordering: .releasing).oldValue
      case .full:
        withFullBarriers {
          word.bitwiseOr(operand, ordering: .sequentiallyConsistent).oldValue
        }
      }
    case .and:
      switch ordering {
      case .relaxed: word.bitwiseAnd(operand, ordering: .relaxed).oldValue
      case .acquire: word.bitwiseAnd(operand, ordering: .acquiring).oldValue
      case .release: word.bitwiseAnd(operand, ordering: .releasing).oldValue
      case .full:
        withFullBarriers {
          word.bitwiseAnd(operand, ordering: .sequentiallyConsistent).oldValue
        }
      }
    }
  }

  @inlinable @inline(__always)
  public static func compareExchange(
    _ word: borrowing Atomic<UInt32>, _ expected: UInt32, _ desired: UInt32,
    _ ordering: UpdateOrdering
  ) -> UInt32 {
    switch ordering {
    case .relaxed:
      word.compareExchange(expected: expected, desired: desired, ordering: .relaxed).original
    case .acquire:
      word.compareExchange(expected: expected, desired: desired, ordering: .acquiring).original
    case .release:
      word.compareExchange(expected: expected, desired: desired, ordering: .releasing).original
    case .full:
      withFullBarriers {
        word.compareExchange(
          expected: expected, desired: desired, ordering: .sequentiallyConsistent
        ).original
      }
    }
  }
}

extension UInt64: MachineBits {
  @inlinable @inline(__always)
  public static func load(_ word: borrowing Atomic<UInt64>, _ ordering: LoadOrdering) -> UInt64 {
    switch ordering {
    // An address dependency orders by itself on every processor that Swift runs on.
    case .relaxed, .dependency: word.load(ordering: .relaxed)
    case .acquire: word.load(ordering: .acquiring)
    case .full: betweenFullBarriers { word.load(ordering: .relaxed) }
    }
  }

  @inlinable @inline(__always)
  public static func store(
    _ value: UInt64, to word: borrowing Atomic<UInt64>, _ ordering: StoreOrdering
  ) {
    switch ordering {
    case .relaxed: word.store(value, ordering: .relaxed)
    case .release: word.store(value, ordering: .releasing)
    case .full: betweenFullBarriers { word.store(value, ordering: .relaxed) }
    }
  }

  @inlinable @inline(__always)
  public static func update(
    _ word: borrowing Atomic<UInt64>, _ operation: BitsUpdate, _ operand: UInt64,
    _ ordering: UpdateOrdering
  ) -> UInt64 {
    switch operation {
    case .exchange:
      switch ordering {
      case .relaxed: word.exchange(operand, ordering: .relaxed)
      case .acquire: word.exchange(operand, ordering: .acquiring)
      case .release: word.exchange(operand, ordering: .releasing)
      case .full:
        withFullBarriers {
          word.exchange(operand, ordering: .sequentiallyConsistent)
        }
      }
    case .add:
      switch ordering {
      case .relaxed: word.wrappingAdd(operand, ordering: .relaxed).oldValue
      case .acquire: word.wrappingAdd(operand, ordering: .acquiring).oldValue
      case .release: word.wrappingAdd(operand, ordering: .releasing).oldValue
      case .full:
        withFullBarriers {
          word.wrappingAdd(operand, ordering: .sequentiallyConsistent).oldValue
        }
      }
    case .or:
      switch ordering {
      case .relaxed: word.bitwiseOr(operand, ordering: .relaxed).oldValue
      case .acquire: word.bitwiseOr(operand, ordering: .acquiring).oldValue
      case .release: word.bitwiseOr(operand, ordering: .releasing).oldValue
      case .full:
        withFullBarriers {
          word.bitwiseOr(operand, ordering: .sequentiallyConsistent).oldValue
        }
      }
    case .and:
      switch ordering {
      case .relaxed: word.bitwiseAnd(operand, ordering: .relaxed).oldValue
      case .acquire: word.bitwiseAnd(operand, ordering: .acquiring).oldValue
      case .release: word.bitwiseAnd(operand, ordering: .releasing).oldValue
      case .full:
        withFullBarriers {
          word.bitwiseAnd(operand, ordering: .sequentiallyConsistent).oldValue
        }
      }
    }
  }

  @inlinable @inline(__always)
  public static func compareExchange(
    _ word: borrowing Atomic<UInt64>, _ expected: UInt64, _ desired: UInt64,
    _ ordering: UpdateOrdering
  ) -> UInt64 {
    switch ordering {
    case .relaxed:
      word.compareExchange(expected: expected, desired: desired, ordering: .relaxed).original
    case .acquire:
      word.compareExchange(expected: expected, desired: desired, ordering: .acquiring).original
    case .release:
      word.compareExchange(expected: expected, desired: desired, ordering: .releasing).original
    case .full:
      withFullBarriers {
        word.compareExchange(
          expected: expected, desired: desired, ordering: .sequentiallyConsistent
        ).original
      }
    }
  }
}

/// Runs a sequentially consistent update so that it is a full barrier for all accesses around it.
///
/// On x86 a locked instruction is one already; elsewhere "sequentially consistent" orders only
/// among its own kind, which is less than the kernel's value-returning operations promise.
@inlinable @inline(__always)
func withFullBarriers<Result>(_ update: () -> Result) -> Result {
  #if arch(x86_64)
    return update()
  #else
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    defer { atomicMemoryFence(ordering: .sequentiallyConsistent) }
    return update()
  #endif
}

/// Runs a relaxed access between two full barriers.
@inlinable @inline(__always)
func betweenFullBarriers<Result>(_ access: () -> Result) -> Result {
  atomicMemoryFence(ordering: .sequentiallyConsistent)
  defer { atomicMemoryFence(ordering: .sequentiallyConsistent) }
  return access()
}
