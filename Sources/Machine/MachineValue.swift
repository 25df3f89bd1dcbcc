/// A value that fits in one machine word.
public protocol MachineValue: Sendable {
  /// The bits in memory.
  associatedtype Bits: MachineBits
  /// The value that these bits stand for.
  init(machineBits: Bits)
  /// The bits that stand for this value.
  var machineBits: Bits { get }
}

/// A trivial handle: the address of something that the machine allocated.
public protocol MachineReference: Sendable {
  /// The handle of what lives at `address`, which is never 0.
  init(machineAddress: UInt)
  /// Where it lives.
  var machineAddress: UInt { get }
}
