public import Synchronization

/// The two widths a machine word can have.
///
/// The operations are requirements because `Atomic` offers them on concrete widths only.
public protocol MachineBits: FixedWidthInteger, UnsignedInteger, AtomicRepresentable, Sendable {
  /// Reads the word.
  static func load(_ word: borrowing Atomic<Self>, _ ordering: LoadOrdering) -> Self
  /// Writes the word.
  static func store(_ value: Self, to word: borrowing Atomic<Self>, _ ordering: StoreOrdering)
  /// Combines the word with the operand and returns the value before.
  static func update(
    _ word: borrowing Atomic<Self>, _ operation: BitsUpdate, _ operand: Self,
    _ ordering: UpdateOrdering
  ) -> Self
  /// Writes `desired` if the word holds `expected`, and returns what it held.
  static func compareExchange(
    _ word: borrowing Atomic<Self>, _ expected: Self, _ desired: Self, _ ordering: UpdateOrdering
  ) -> Self
}

/// How an update combines the word with its operand.
@frozen public enum BitsUpdate: Sendable {
  /// Replaces the value.
  case exchange
  /// Adds without trapping.
  case add
  /// Sets the operand's bits.
  case or
  /// Keeps only the operand's bits.
  case and
}
