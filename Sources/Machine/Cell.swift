public import Synchronization

/// A shared value without atomicity: C's plain field.
///
/// Two accesses that nothing orders, one of them a write, are a data race, and the explorer says
/// so. Natively it is a relaxed atomic, which costs the same and leaves nothing undefined.
@frozen public struct Cell<Value: MachineValue>: ~Copyable {
  @usableFromInline let bits: Atomic<Value.Bits>

  /// A cell that nobody else can see yet.
  @inlinable public init(_ value: Value) { bits = Atomic(value.machineBits) }

  /// Where the cell lives.
  @inlinable @inline(__always)
  public var address: UInt {
    // Safety: the pointer is only turned into a number. `Atomic` has one address all its life.
    unsafe withUnsafePointer(to: self) { UInt(bitPattern: $0) }
  }

  /// The content.
  ///
  /// Reading and writing are plain accesses.
  @inlinable public var value: Value {
    @inline(__always) get {
      if let conducted = Conductor.perform(.access(access(.load, operand: 0))) {
        return Value(machineBits: Value.Bits(truncatingIfNeeded: conducted))
      }
      // relaxed: a plain access orders nothing.
      return Value(machineBits: Value.Bits.load(bits, .relaxed))
    }
    @inline(__always) nonmutating set {
      let new = newValue.machineBits
      if Conductor.perform(.access(access(.store, operand: UInt64(truncatingIfNeeded: new))))
        != nil
      {
        return
      }
      // relaxed: a plain access orders nothing.
      Value.Bits.store(new, to: bits, .relaxed)
    }
  }

  @usableFromInline
  func access(_ kind: Access.Kind, operand: UInt64) -> Access {
    Access(
      address: address, width: UInt8(MemoryLayout<Value.Bits>.size), kind: kind, mark: .plain,
      operand: operand)
  }
}
