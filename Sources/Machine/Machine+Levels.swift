public import CMachine

extension Machine {
  /// Masks interrupts on this CPU.
  ///
  /// Nests.
  @inlinable @inline(__always)
  public static func disableInterrupts() {
    if Conductor.perform(.level(.interrupts, .off)) != nil { return }
    // Safety: the calling thread's own levels.
    unsafe fl_levels().pointee.interrupts_off &+= 1
  }

  /// Undoes one ``disableInterrupts()``.
  @inlinable @inline(__always)
  public static func restoreInterrupts() {
    if Conductor.perform(.level(.interrupts, .on)) != nil { return }
    // Safety: the calling thread's own levels.
    unsafe fl_levels().pointee.interrupts_off &-= 1
  }

  /// Keeps the softirqs of this CPU from running (`local_bh_disable`).
  ///
  /// Nests. Native softirqs run on a thread of their own; there it says only that nothing may
  /// sleep.
  @inlinable @inline(__always)
  public static func disableSoftirqs() {
    if Conductor.perform(.level(.softirqs, .off)) != nil { return }
    // Safety: the calling thread's own levels.
    unsafe fl_levels().pointee.preemption_off &+= 1
  }

  /// Undoes one ``disableSoftirqs()`` (`local_bh_enable`).
  @inlinable @inline(__always)
  public static func enableSoftirqs() {
    if Conductor.perform(.level(.softirqs, .on)) != nil { return }
    // Safety: the calling thread's own levels.
    unsafe fl_levels().pointee.preemption_off &-= 1
  }

  /// Keeps this task on its CPU.
  ///
  /// Nests.
  @inlinable @inline(__always)
  public static func disablePreemption() {
    if Conductor.perform(.level(.preemption, .off)) != nil { return }
    // Safety: the calling thread's own levels.
    unsafe fl_levels().pointee.preemption_off &+= 1
  }

  /// Undoes one ``disablePreemption()``.
  @inlinable @inline(__always)
  public static func enablePreemption() {
    if Conductor.perform(.level(.preemption, .on)) != nil { return }
    // Safety: the calling thread's own levels.
    unsafe fl_levels().pointee.preemption_off &-= 1
  }
}

extension Machine {
  /// The task record that `Kernel` keeps for the calling OS thread; before there is one, a record
  /// of which only the first word exists, and that holds ``nobodyMark``.
  @inlinable public static func nativeTask<Record: ~Copyable>(
    as record: Record.Type
  ) -> Object<Record> {
    // Safety: the calling thread's own slot, which is never empty and leads to a record.
    unsafe Object(
      pointer: (fl_levels().pointee.task as UnsafeMutableRawPointer?).unsafelyUnwrapped
        .assumingMemoryBound(to: Record.self))
  }

  /// Whether the calling OS thread has a task record.
  @inlinable public static var hasNativeTask: Bool {
    // Safety: the calling thread's own slot; addresses are compared, and nothing is read.
    unsafe fl_levels().pointee.task != UnsafeMutableRawPointer(fl_nobody_record())
  }

  /// Gives the calling OS thread a task record, or with nil takes it away.
  public static func setNativeTask<Record: ~Copyable>(_ record: Object<Record>?) {
    let nobody = unsafe UnsafeMutableRawPointer(fl_nobody_record())
    // Safety: the calling thread's own slot; `Kernel` never frees these records.
    unsafe fl_levels().pointee.task =
      record.map { unsafe UnsafeMutableRawPointer($0.pointer) } ?? nobody
  }

  /// What the first word of the record for nobody holds.
  @inlinable public static var nobodyMark: UInt32 { UInt32(FL_NOBODY_MARK) }

  /// What `Kernel` shares among all native readers of RCU, at an address that needs no look-up.
  ///
  /// - Precondition: ``makeNativeReaders(_:)`` put it there.
  @inlinable public static func nativeReaders<Record: ~Copyable>(
    as record: Record.Type
  ) -> Object<Record> {
    // Safety: the one place for this record; the address of a variable is never nil.
    unsafe Object(
      pointer: UnsafeMutableRawPointer(
        (fl_readers_record() as UnsafeMutablePointer<UInt64>?).unsafelyUnwrapped
      ).assumingMemoryBound(to: Record.self))
  }

  /// Puts a record where ``nativeReaders(as:)`` finds it; once.
  public static func makeNativeReaders<Record: ~Copyable>(
    _ record: consuming Record
  ) -> Object<Record> {
    precondition(MemoryLayout<Record>.size <= 64, "the place for this record has 64 bytes")
    let place = nativeReaders(as: Record.self)
    // Safety: the caller does this once, before anybody reads.
    unsafe place.pointer.initialize(to: record)
    return place
  }

  /// A word of the calling OS thread that the kernel threads it starts get a copy of.
  @inlinable public static var inheritedWord: UInt64 {
    // Safety: the calling thread's own slot.
    get { unsafe fl_levels().pointee.inherited }
    set { unsafe fl_levels().pointee.inherited = newValue }
  }

  /// Whether the calling OS thread has interrupts or preemption off.
  package static var isAtomicNatively: Bool {
    // Safety: the calling thread's own levels.
    let levels = unsafe fl_levels().pointee
    return unsafe levels.interrupts_off > 0 || levels.preemption_off > 0
  }
}
