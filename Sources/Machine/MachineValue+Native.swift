// The requirements are documented where the protocol is.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

extension UInt32: MachineValue {
  @inlinable public init(machineBits: UInt32) { self = machineBits }
  @inlinable public var machineBits: UInt32 { self }
}

extension UInt64: MachineValue {
  @inlinable public init(machineBits: UInt64) { self = machineBits }
  @inlinable public var machineBits: UInt64 { self }
}

extension Int32: MachineValue {
  @inlinable public init(machineBits: UInt32) { self.init(bitPattern: machineBits) }
  @inlinable public var machineBits: UInt32 { UInt32(bitPattern: self) }
}

extension Int64: MachineValue {
  @inlinable public init(machineBits: UInt64) { self.init(bitPattern: machineBits) }
  @inlinable public var machineBits: UInt64 { UInt64(bitPattern: self) }
}

extension Int: MachineValue {
  @inlinable public init(machineBits: UInt64) { self = Int(truncatingIfNeeded: machineBits) }
  @inlinable public var machineBits: UInt64 { UInt64(truncatingIfNeeded: self) }
}

extension UInt: MachineValue {
  @inlinable public init(machineBits: UInt64) { self = UInt(truncatingIfNeeded: machineBits) }
  @inlinable public var machineBits: UInt64 { UInt64(truncatingIfNeeded: self) }
}

extension Bool: MachineValue {
  @inlinable public init(machineBits: UInt32) { self = machineBits != 0 }
  @inlinable public var machineBits: UInt32 { self ? 1 : 0 }
}

extension Optional: MachineValue where Wrapped: MachineReference {
  @inlinable public init(machineBits: UInt64) {
    self = machineBits == 0 ? nil : Wrapped(machineAddress: UInt(truncatingIfNeeded: machineBits))
  }
  @inlinable public var machineBits: UInt64 {
    self.map { UInt64(truncatingIfNeeded: $0.machineAddress) } ?? 0
  }
}
