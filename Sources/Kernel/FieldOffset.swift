public import Machine

/// How far a field lies from the beginning of its record: the way back that the kernel calls
/// `container_of`.
///
/// It is measured once, in memory laid out like the record:
/// `static let callback = FieldOffset<Job, FenceCallback> { $0.callback.address }`.
@frozen public struct FieldOffset<Record: ~Copyable, Field: ~Copyable>: Sendable {
  /// The distance in bytes.
  public let bytes: UInt

  /// Measures a field.
  ///
  /// - Parameter address: Returns the field's address and reads nothing: the record it is given is
  ///   only a layout.
  public init(_ address: (borrowing Record) -> UInt) {
    // Safety: the closure only computes an address, in zeroed memory with the record's layout.
    let size = MemoryLayout<Record>.size
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: MemoryLayout<Record>.alignment)
    defer { unsafe memory.deallocate() }
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    let record = Object<Record>(machineAddress: UInt(bitPattern: memory))
    let field = address(record.record)
    precondition(
      field >= record.machineAddress && field < record.machineAddress + UInt(size),
      "a field offset must be measured inside its own record")
    bytes = field - record.machineAddress
  }

  /// The record around a field.
  @inlinable public func record(around field: Object<Field>) -> Object<Record> {
    Object(machineAddress: field.machineAddress - bytes)
  }

  /// The field inside a record.
  @inlinable public func field(of record: Object<Record>) -> Object<Field> {
    Object(machineAddress: record.machineAddress + bytes)
  }
}
