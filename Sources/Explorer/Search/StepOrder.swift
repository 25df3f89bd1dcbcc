internal import Machine

/// The order that dependency imposes on the steps of one execution, as vector clocks.
///
/// For every thing that steps can collide on it keeps the clocks of the last steps there; a new
/// step learns those it depends on. It is the happens-before of the search and says nothing about
/// what a program may rely on (that is ``Synchronisation``).
struct StepOrder {
  private struct Place {
    var reads = VectorClock.zero
    var writes = VectorClock.zero
  }

  /// What competes with the entries of one kind of handler.
  private struct Entries {
    var masks = VectorClock.zero
    var enters = VectorClock.zero

    mutating func take(_ masking: Footprint.Masking, _ clock: inout VectorClock) {
      guard masking != .none else { return }
      clock.join(enters)
      masks.join(clock)
    }
  }

  private struct CPU {
    var interrupts = Entries()
    var softirqs = Entries()
    var enabling = VectorClock.zero
    var tasks = VectorClock.zero
    var preemption = VectorClock.zero
  }

  private var locations: [Place] = []
  /// Accesses are reads of the object, its end is a write.
  private var objects: [Place] = []
  private var readers = VectorClock.zero
  private var updaters = VectorClock.zero
  /// Handing over is a write of the queue, noting how long it is a read.
  private var queue = Place()
  private var time = Place()
  private var cpus = [CPU](repeating: CPU(), count: Limits.cpuCountMax + 1)

  mutating func reset() {
    locations.removeAll(keepingCapacity: true)
    objects.removeAll(keepingCapacity: true)
    readers = .zero
    updaters = .zero
    queue = Place()
    time = Place()
    for cpu in cpus.indices { cpus[cpu] = CPU() }
  }

  /// Lets a step learn what it depends on, then notes it for later ones.
  mutating func take(_ step: Footprint, by thread: VirtualThread) {
    var clock = thread.order
    clock[thread.index] = thread.steps
    if step.location >= 0 {
      takePlace(&locations, Int(step.location), writes: step.writes, &clock)
    }
    if step.object >= 0 { takePlace(&objects, Int(step.object), writes: step.frees, &clock) }
    if step.grace != .none { takeGrace(step.grace, &clock) }
    if step.queue != .none { take(&queue, writes: step.queue == .adds, &clock) }
    if step.time != .none { take(&time, writes: step.time == .advances, &clock) }
    takeCPU(step, thread, &clock)
    thread.order = clock
  }

  /// A handler has returned, which is no step: grace periods that wait for it come after.
  mutating func readerLeft(_ thread: VirtualThread) { readers.join(thread.order) }

  private func takePlace(
    _ places: inout [Place], _ index: Int, writes: Bool, _ clock: inout VectorClock
  ) {
    while places.count <= index { places.append(Place()) }
    take(&places[index], writes: writes, &clock)
  }

  private func take(_ place: inout Place, writes: Bool, _ clock: inout VectorClock) {
    clock.join(place.writes)
    if writes {
      clock.join(place.reads)
      place = Place(reads: .zero, writes: clock)
    } else {
      place.reads.join(clock)
    }
  }

  private mutating func takeGrace(_ grace: Footprint.Grace, _ clock: inout VectorClock) {
    switch grace {
    case .none: break
    case .readerBegins, .readerEnds:
      clock.join(updaters)
      readers.join(clock)
    case .starts, .ends:
      clock.join(readers)
      updaters.join(clock)
    }
  }

  private mutating func takeCPU(
    _ step: Footprint, _ thread: VirtualThread, _ clock: inout VectorClock
  ) {
    var cpu = cpus[thread.cpu]
    cpu.interrupts.take(step.interrupts, &clock)
    cpu.softirqs.take(step.softirqs, &clock)
    if step.enters != .none {
      clock.join(step.enters == .interrupt ? cpu.interrupts.masks : cpu.softirqs.masks)
      clock.join(cpu.interrupts.enters)
      clock.join(cpu.softirqs.enters)
      clock.join(cpu.enabling)
      if step.enters == .interrupt {
        cpu.interrupts.enters.join(clock)
      } else {
        cpu.softirqs.enters.join(clock)
      }
    }
    if step.enables, thread.context != .interrupt {
      clock.join(cpu.interrupts.enters)
      clock.join(cpu.softirqs.enters)
      cpu.enabling.join(clock)
    }
    if thread.isTask {
      clock.join(cpu.preemption)
      if step.preemption != .none {
        clock.join(cpu.tasks)
        cpu.preemption.join(clock)
      }
      cpu.tasks.join(clock)
    }
    cpus[thread.cpu] = cpu
  }
}
