/// The number of a bit in a flag word.
public protocol FlagBit: Sendable {
  /// Counted from the lowest bit, below 64.
  var bitNumber: UInt64 { get }
}

/// A word of flags that several threads set and test: the kernel's atomic bit operations.
///
/// Their orderings are the kernel's: `test_bit`, `set_bit` and `clear_bit` order nothing, the
/// forms that return the old bit are full barriers. Hardened forms name their ordering.
@frozen public struct FlagWord<Bit: FlagBit>: ~Copyable {
  @usableFromInline let word: Word<UInt64>

  /// A flag word that nobody else can see yet.
  @inlinable public init(_ bits: UInt64 = 0) { word = Word(bits) }

  /// A flag word with these bits set.
  @inlinable public init(_ bits: [Bit]) { self.init(bits.reduce(0) { $0 | Self.mask($1) }) }

  /// Where the word lives.
  @inlinable public var address: UInt { word.address }

  /// Sets the whole word, in memory that nobody else can see yet.
  @inlinable public func initialise(_ bits: UInt64) {
    // relaxed: nobody else can see the word yet.
    word.store(bits, .relaxed)
  }

  /// Reads one bit (`test_bit`).
  @inlinable @inline(__always)
  public func test(
    _ bit: Bit, _ ordering: LoadOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Bool {
    word.load(ordering, edge: edge, line: line) & Self.mask(bit) != 0
  }

  /// Sets one bit; the caller learns nothing (`set_bit`).
  @inlinable @inline(__always)
  public func set(
    _ bit: Bit, _ ordering: StoreOrdering, edge: Edge = .none, line: UInt32 = #line
  ) {
    let (update, mask) = (ordering.ofUpdate, Self.mask(bit))
    if Conductor.perform(
      .access(
        word.access(
          .or, update, operand: mask, withoutResult: update != .full, edge: edge.at(line)))) == nil
    {
      _ = UInt64.update(word.bits, .or, mask, update)
    }
  }

  /// Clears one bit; the caller learns nothing (`clear_bit`).
  @inlinable @inline(__always)
  public func clear(
    _ bit: Bit, _ ordering: StoreOrdering, edge: Edge = .none, line: UInt32 = #line
  ) {
    let (update, mask) = (ordering.ofUpdate, ~Self.mask(bit))
    if Conductor.perform(
      .access(
        word.access(
          .and, update, operand: mask, withoutResult: update != .full, edge: edge.at(line)))) == nil
    {
      _ = UInt64.update(word.bits, .and, mask, update)
    }
  }

  /// Sets one bit and returns whether it was set before (`test_and_set_bit`).
  @inlinable @inline(__always)
  public func testAndSet(
    _ bit: Bit, _ ordering: UpdateOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Bool {
    update(.or, Self.mask(bit), ordering, edge.at(line)) & Self.mask(bit) != 0
  }

  /// Clears one bit and returns whether it was set before (`test_and_clear_bit`).
  @inlinable @inline(__always)
  public func testAndClear(
    _ bit: Bit, _ ordering: UpdateOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Bool {
    update(.and, ~Self.mask(bit), ordering, edge.at(line)) & Self.mask(bit) != 0
  }

  /// The condition that one bit is set.
  @inlinable public func isSet(
    _ bit: Bit, _ ordering: LoadOrdering, edge: Edge = .none, line: UInt32 = #line
  ) -> Condition {
    Condition(
      address: address, width: 8, mask: Self.mask(bit), value: .max, mustBeEqual: true,
      ordering: ordering, edge: edge.at(line))
  }

  @inlinable @inline(__always)
  static func mask(_ bit: Bit) -> UInt64 { 1 << bit.bitNumber }

  @inlinable @inline(__always)
  func update(_ kind: Access.Kind, _ mask: UInt64, _ ordering: UpdateOrdering, _ edge: Edge)
    -> UInt64
  {
    if let conducted = Conductor.perform(
      .access(word.access(kind, ordering, operand: mask, edge: edge)))
    {
      return conducted
    }
    return UInt64.update(word.bits, kind == .or ? .or : .and, mask, ordering)
  }
}
