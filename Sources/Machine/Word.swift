public import Synchronization

/// A shared word with atomic access: every load and store names its ordering and its edge.
///
/// It has the size and layout of its bits, so that a struct of words has C's layout. It never
/// moves once it is shared: keep it in memory from ``Machine/allocate(_:)``.
@frozen public struct Word<Value: MachineValue>: ~Copyable {
  @usableFromInline let bits: Atomic<Value.Bits>

  /// A word that nobody else can see yet.
  @inlinable public init(_ value: Value) { bits = Atomic(value.machineBits) }

  /// Where the word lives.
  @inlinable @inline(__always)
  public var address: UInt {
    // Safety: the pointer is only turned into a number. `Atomic` has one address all its life.
    unsafe withUnsafePointer(to: self) { UInt(bitPattern: $0) }
  }

  /// Reads the word.
  @inlinable @inline(__always)
  public func load(
    _ ordering: LoadOrdering, edge: Edge = .none, after: Dependencies = .none, line: UInt32 = #line
  ) -> Value {
    if let conducted = Conductor.perform(
      .access(
        access(.load, load: ordering, edge: edge.at(line), after: after)))
    {
      return value(conducted)
    }
    return Value(machineBits: Value.Bits.load(bits, ordering))
  }

  /// Writes the word.
  @inlinable @inline(__always)
  public func store(
    _ value: Value, _ ordering: StoreOrdering, edge: Edge = .none, after: Dependencies = .none,
    line: UInt32 = #line
  ) {
    if Conductor.perform(
      .access(
        access(.store, store: ordering, operand: value, edge: edge.at(line), after: after))) != nil
    {
      return
    }
    Value.Bits.store(value.machineBits, to: bits, ordering)
  }

  /// Writes the word and returns what it held.
  @inlinable @inline(__always)
  public func exchange(
    _ value: Value, _ ordering: UpdateOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Value {
    if let conducted = Conductor.perform(
      .access(access(.exchange, ordering, operand: value, edge: edge.at(line))))
    {
      return self.value(conducted)
    }
    return Value(
      machineBits: Value.Bits.update(bits, .exchange, value.machineBits, ordering))
  }

  /// Writes `desired` if the word holds `expected`.
  ///
  /// - Returns: What the word held; the exchange happened if that equals `expected`.
  /// - Ordering: An exchange that fails orders nothing.
  @inlinable @inline(__always)
  public func compareExchange(
    _ expected: Value, with desired: Value, _ ordering: UpdateOrdering, edge: Edge = .none,
    line: UInt32 = #line
  ) -> Value {
    if let conducted = Conductor.perform(
      .access(
        access(
          .compareExchange, ordering, operand: desired, expected: expected, edge: edge.at(line))))
    {
      return value(conducted)
    }
    return Value(
      machineBits: Value.Bits.compareExchange(
        bits, expected.machineBits, desired.machineBits, ordering))
  }
}

extension Word where Value: MachineBits, Value.Bits == Value {
  /// Adds without trapping and returns the value before.
  @inlinable @inline(__always)
  public func fetchAdd(
    _ operand: Value, _ ordering: UpdateOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Value {
    if let conducted = Conductor.perform(
      .access(access(.add, ordering, operand: operand, edge: edge.at(line))))
    {
      return value(conducted)
    }
    return Value.update(bits, .add, operand, ordering)
  }

  /// Subtracts without trapping and returns the value before.
  @inlinable @inline(__always)
  public func fetchSubtract(
    _ operand: Value, _ ordering: UpdateOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Value {
    fetchAdd(0 &- operand, ordering, edge: edge, line: line)
  }
}

extension Word {
  /// The condition that the word equals `value`.
  @inlinable public func equals(
    _ value: Value, _ ordering: LoadOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Condition {
    condition(value, mustBeEqual: true, ordering, edge.at(line))
  }

  /// The condition that the word differs from `value`.
  @inlinable public func differs(
    from value: Value, _ ordering: LoadOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Condition {
    condition(value, mustBeEqual: false, ordering, edge.at(line))
  }

  @inlinable func condition(
    _ value: Value, mustBeEqual: Bool, _ ordering: LoadOrdering, _ edge: Edge
  ) -> Condition {
    Condition(
      address: address, width: UInt8(MemoryLayout<Value.Bits>.size), mask: .max,
      value: UInt64(truncatingIfNeeded: value.machineBits), mustBeEqual: mustBeEqual,
      ordering: ordering, edge: edge)
  }
}

// MARK: - Events

extension Word {
  @inlinable @inline(__always)
  func value(_ conducted: UInt64) -> Value {
    Value(machineBits: Value.Bits(truncatingIfNeeded: conducted))
  }

  @usableFromInline
  func access(
    _ kind: Access.Kind, load: LoadOrdering = .relaxed, store: StoreOrdering = .relaxed,
    operand: Value? = nil, edge: Edge, after: Dependencies
  ) -> Access {
    Access(
      address: address, width: UInt8(MemoryLayout<Value.Bits>.size), kind: kind, mark: .marked,
      loadOrdering: load, storeOrdering: store,
      operand: operand.map { UInt64(truncatingIfNeeded: $0.machineBits) } ?? 0, edge: edge,
      dependencies: after)
  }

  @usableFromInline
  func access(
    _ kind: Access.Kind, _ ordering: UpdateOrdering, operand: Value, expected: Value? = nil,
    withoutResult: Bool = false, edge: Edge
  ) -> Access {
    Access(
      address: address, width: UInt8(MemoryLayout<Value.Bits>.size), kind: kind,
      mark: withoutResult ? .markedWithoutResult : .marked,
      loadOrdering: ordering == .acquire || ordering == .full ? .acquire : .relaxed,
      storeOrdering: ordering == .release || ordering == .full ? .release : .relaxed,
      isFullBarrier: ordering == .full,
      operand: UInt64(truncatingIfNeeded: operand.machineBits),
      expected: expected.map { UInt64(truncatingIfNeeded: $0.machineBits) } ?? 0, edge: edge)
  }
}
