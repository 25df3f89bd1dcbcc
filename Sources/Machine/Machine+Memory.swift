extension Machine {
  /// Memory for a record, already filled in; nobody else can see it yet.
  ///
  /// - Parameter alignment: At least this many bytes; 64 keeps a record on cache lines of its own.
  public static func allocate<Record: ~Copyable>(
    alignment: Int = 1, _ record: consuming Record
  ) -> Object<Record> {
    let bytes = Allocation(
      bytes: MemoryLayout<Record>.size,
      alignment: max(alignment, MemoryLayout<Record>.alignment), type: "\(Record.self)",
      mayFail: false,
      dismantle: { address in
        // Safety: the conductor hands in the address of this allocation, once, after its last use.
        unsafe Object<Record>(machineAddress: address).pointer.deinitialize(count: 1)
      })
    // Safety: freshly allocated for exactly this type.
    let pointer = unsafe rawMemory(bytes).assumingMemoryBound(to: Record.self)
    unsafe pointer.initialize(to: record)
    return Object(machineAddress: UInt(bitPattern: pointer))
  }

  /// Memory for a record and, behind it, a table of `count` words that begin as 0.
  ///
  /// C's flexible array member. Read the table with ``Object/trailingWord(_:)``.
  public static func allocate<Record: ~Copyable>(
    _ record: consuming Record, trailingWords count: Int
  ) -> Object<Record> {
    let bytes = Allocation(
      bytes: Int(Object<Record>.offsetOfTrailingWord(count)), alignment: 8,
      type: "\(Record.self)", mayFail: false)
    // Safety: freshly allocated, with room for the record and the table.
    let memory = unsafe rawMemory(bytes)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes.bytes)
    let pointer = unsafe memory.assumingMemoryBound(to: Record.self)
    unsafe pointer.initialize(to: record)
    return Object(machineAddress: UInt(bitPattern: pointer))
  }

  /// Like ``allocate(_:trailingWords:)``, but explored runs also try the case without memory.
  public static func tryAllocate<Record: ~Copyable>(
    _ record: consuming Record, trailingWords count: Int
  ) -> Object<Record>? {
    if choose(below: 2, "allocation fails") == 1 { return nil }
    return allocate(record, trailingWords: count)
  }

  /// Memory for a module's own record: it lives as long as the process and belongs to no run.
  ///
  /// The allocation is no event, so that a global's initialiser may call it. Every conducted run
  /// has a copy of its own, which begins with the values given here and ends with the run.
  public static func permanent<Record: ~Copyable>(
    alignment: Int = 1, _ record: consuming Record
  ) -> Object<Record> {
    let pointer = UnsafeMutablePointer<Record>.allocate(capacity: 1)
    // Safety: freshly allocated. The record moves from here to where it stays, before anybody
    // knows an address of it, and only the memory is given back.
    unsafe pointer.initialize(to: record)
    defer { unsafe pointer.deallocate() }
    return unsafe Object(
      machineAddress: PermanentMemory.keep(
        pointer, bytes: MemoryLayout<Record>.size,
        alignment: max(alignment, MemoryLayout<Record>.alignment)))
  }

  /// Like ``allocate(alignment:_:)``, but explored runs also try the case without memory.
  public static func tryAllocate<Record: ~Copyable>(
    alignment: Int = 1, _ record: consuming Record
  ) -> Object<Record>? {
    if choose(below: 2, "allocation fails") == 1 { return nil }
    return allocate(alignment: alignment, record)
  }

  /// Ends the object.
  ///
  /// Whoever still uses it is wrong.
  public static func free<Record: ~Copyable>(_ object: Object<Record>) {
    if Conductor.perform(.free(address: object.machineAddress)) != nil { return }
    freeNatively(object)
  }

  /// Ends the object in native runs, where the kernel's grace period has already passed.
  package static func freeNatively<Record: ~Copyable>(_ object: Object<Record>) {
    // Safety: `allocate` made it with this type, and it ends once.
    unsafe object.pointer.deinitialize(count: 1)
    unsafe UnsafeMutableRawPointer(object.pointer).deallocate()
  }

  private static func rawMemory(_ request: Allocation) -> UnsafeMutableRawPointer {
    if let conducted = Conductor.perform(.allocate(request)) {
      guard let memory = unsafe UnsafeMutableRawPointer(bitPattern: UInt(conducted)) else {
        preconditionFailure("the conductor's arena is exhausted; see its Limits")
      }
      return unsafe memory
    }
    return UnsafeMutableRawPointer.allocate(
      byteCount: request.bytes, alignment: request.alignment)
  }
}
