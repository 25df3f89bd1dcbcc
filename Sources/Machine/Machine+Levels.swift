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
  /// A slot of the calling OS thread in which `Kernel` keeps its task record; 0 before that.
  @inlinable public static var nativeTask: UInt {
    // Safety: the calling thread's own slot.
    get { unsafe fl_levels().pointee.task }
    set { unsafe fl_levels().pointee.task = newValue }
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
    return levels.interrupts_off > 0 || levels.preemption_off > 0
  }
}
