#if Bare
  internal import CMachine
#else
  public import CMachine
#endif

/// Decides what every machine event does.
///
/// Simulated and explored runs have one, native runs none.
///
/// `perform` is called on the thread or coroutine that runs the program, and may switch to another
/// coroutine before it returns. It must not be entered while an `inout` access to a class property
/// is open, because the runtime tracks those per OS thread.
open class Conductor {
  /// Whether a lock or a grace period is one event.
  ///
  /// Otherwise `Kernel` runs its native bodies, which are machine programs too, and each of their
  /// accesses is an event.
  public let summarises: Bool

  /// For subclasses.
  public init(summarises: Bool = true) { self.summarises = summarises }

  /// Does what the event says, when this conductor thinks it is time.
  ///
  /// - Returns: What the event's case documents, 0 where it documents nothing.
  open func perform(_ event: Event) -> UInt64 {
    preconditionFailure("a conductor must override perform(_:)")
  }

  /// The number of the running virtual thread, counted from 0: no event, because asking changes
  /// nothing.
  ///
  /// `Kernel` keeps one task record for each. A handler may answer with the thread it interrupted,
  /// as `current` does in Linux, or with a number of its own.
  open var currentThread: Int { 0 }

  /// The virtual CPU that the running thread is on: no event, because no thread ever moves.
  open var currentCPU: Int { 0 }

  /// The conductor of this run, or nil in native runs.
  @inlinable public static var current: Conductor? {
    #if Bare
      return nil
    #else
      // Safety: `install` retains the object for as long as the pointer is set.
      guard let pointer = unsafe fl_conductor() else { return nil }
      return unsafe Unmanaged<Conductor>.fromOpaque(pointer).takeUnretainedValue()
    #endif
  }

  /// Makes this the conductor while `body` runs.
  ///
  /// It conducts the calling OS thread only; other threads stay native, or conduct runs of their
  /// own.
  ///
  /// - Progress: Waits while another thread is in ``whileNobodyConducts(_:)`` or wants to be. So a
  ///   run may not wait for another thread's run to begin.
  public func conduct<Result>(_ body: () -> Result) -> Result {
    // Safety: the pointer is this thread's own, and the object is retained while it is set.
    let outer = unsafe fl_conductor()
    let isOutermost = unsafe outer == nil
    if isOutermost { fl_begin_run() }
    let retained = unsafe Unmanaged.passRetained(self)
    unsafe fl_set_conductor(retained.toOpaque())
    defer {
      unsafe fl_set_conductor(outer)
      unsafe retained.release()
      if isOutermost { fl_end_run() }
    }
    return body()
  }

  /// Runs `body` while no thread conducts a run or makes a permanent record.
  ///
  /// A process may be copied then: no lock of a run is taken for which the copy would wait in vain.
  ///
  /// - Precondition: The calling thread conducts no run itself.
  /// - Progress: Waits for the runs of other threads; none begins meanwhile.
  package static func whileNobodyConducts<Result>(_ body: () -> Result) -> Result {
    precondition(current == nil, "a run waits for itself to end")
    fl_begin_quiet()
    defer { fl_end_quiet() }
    return PermanentMemory.whileComplete(body)
  }
}

extension Conductor {
  /// Performs an event if the run has a conductor.
  ///
  /// - Returns: nil in native runs, where the caller does the work itself.
  @inlinable @inline(__always)
  public static func perform(_ event: @autoclosure () -> Event) -> UInt64? {
    #if Bare
      return nil
    #else
      // Safety: only compared.
      if unsafe fl_conductor() == nil { return nil }
      return performConducted(event())
    #endif
  }

  /// Like ``perform(_:)``, for an event that stands for a whole primitive: nil also where the
  /// conductor wants to see the primitive's own steps.
  @inlinable @inline(__always)
  public static func performSummary(_ event: @autoclosure () -> Event) -> UInt64? {
    #if Bare
      return nil
    #else
      guard let conductor = current, conductor.summarises else { return nil }
      return performConducted(event())
    #endif
  }

  @usableFromInline @inline(never)
  static func performConducted(_ event: Event) -> UInt64 {
    guard let conductor = current else { preconditionFailure("the run lost its conductor") }
    return conductor.perform(event)
  }
}
