/// A question about one machine word that a thread can wait for.
///
/// It is a value and not a closure, so that whoever conducts the run can tell which store ends the
/// wait, and so that nothing with an effect can hide in it.
public struct Condition: Sendable {
  /// Address of the word.
  public let address: UInt
  /// Width in bytes, 4 or 8.
  public let width: UInt8
  /// Which bits are compared.
  public let mask: UInt64
  /// What they are compared with.
  public let value: UInt64
  /// Whether they must be equal, or must differ.
  public let mustBeEqual: Bool
  /// The ordering of the load that finds the condition true.
  public let ordering: LoadOrdering
  /// The claim that load is part of.
  public let edge: Edge

  /// Asks about one word.
  public init(
    address: UInt, width: UInt8, mask: UInt64, value: UInt64, mustBeEqual: Bool,
    ordering: LoadOrdering, edge: Edge, line: UInt32 = #line
  ) {
    self.address = address
    self.width = width
    self.mask = mask
    self.value = value
    self.mustBeEqual = mustBeEqual
    self.ordering = ordering
    self.edge = edge.at(line)
  }

  /// Whether these bits satisfy the condition.
  @inlinable public func holds(for bits: UInt64) -> Bool {
    (bits & mask == value & mask) == mustBeEqual
  }
}
