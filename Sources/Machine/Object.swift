/// A trivial handle to something the machine allocated.
///
/// Copying it costs and counts nothing.
///
/// Lifetime is explicit, because lifetime is the subject: what is allocated must be freed once,
/// and the explorer finds every use after that.
@frozen @safe public struct Object<Record: ~Copyable>: MachineReference {
  @usableFromInline let pointer: UnsafeMutablePointer<Record>

  /// The handle of what lives at `address`.
  @inlinable public init(machineAddress address: UInt) {
    // Safety: only machine words that held a handle's address lead here.
    guard let pointer = unsafe UnsafeMutablePointer<Record>(bitPattern: address) else {
      preconditionFailure("address 0 is no object")
    }
    unsafe self.pointer = unsafe pointer
  }

  @usableFromInline init(pointer: UnsafeMutablePointer<Record>) {
    unsafe self.pointer = unsafe pointer
  }

  /// Where the object lives.
  @inlinable public var machineAddress: UInt { unsafe UInt(bitPattern: pointer) }

  /// The object itself, borrowed in place.
  @inlinable public var record: Record {
    @inline(__always) unsafeAddress { unsafe UnsafePointer(pointer) }
  }
}

extension Object where Record: ~Copyable {
  /// A word of the table behind the record, which must have been allocated with one.
  @inlinable public func trailingWord(_ index: Int) -> Object<Word<UInt>> {
    Object<Word<UInt>>(machineAddress: machineAddress + Self.offsetOfTrailingWord(index))
  }

  @usableFromInline static func offsetOfTrailingWord(_ index: Int) -> UInt {
    UInt((MemoryLayout<Record>.size + 7) / 8 * 8 + 8 * index)
  }
}

// Safety: a handle is an address; what it leads to are words and cells, built for sharing.
extension Object: @unchecked Sendable where Record: ~Copyable {}

extension Object: Equatable where Record: ~Copyable {
  /// Whether both name one object.
  @inlinable public static func == (one: Object, other: Object) -> Bool {
    one.machineAddress == other.machineAddress
  }
}
