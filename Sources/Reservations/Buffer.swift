internal import Kernel
public import Machine

/// Memory that devices work on, with the fences of that work: what of the kernel's `struct
/// dma_buf` and `struct ttm_buffer_object` has to do with fences.
///
/// The handle is trivial; ``get()`` and ``put()`` count.
public struct Buffer: MachineReference, Equatable {
  let storage: Object<BufferStorage>

  /// The buffer that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  init(_ storage: Object<BufferStorage>) { self.storage = storage }

  /// Where the buffer lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// A buffer with one reference.
  ///
  /// - Parameters:
  ///   - reservation: One that it shares with other buffers and that outlives it; nil for its own.
  ///   - memory: Who is told when the buffer's resource is free.
  ///   - resource: What the buffer occupies; a number that only `memory` understands.
  public static func make(
    sharing reservation: Reservation? = nil, memory: Object<BufferMemory>? = nil,
    resource: UInt64 = 0
  ) -> Buffer {
    let buffer = Buffer(
      Machine.allocate(BufferStorage(shared: reservation, memory: memory, resource: resource)))
    buffer.initialise()
    return buffer
  }

  func initialise() {
    ownReservation.initialise()
    if storage.record.reservation.value == nil {
      storage.record.reservation.value = ownReservation
    }
    BufferStorage.waiting.field(of: storage).record.initialise()
  }

  /// The fences of the buffer's work, and its lock.
  public var reservation: Reservation {
    storage.record.reservation.value ?? ownReservation
  }

  var ownReservation: Reservation {
    Reservation(BufferStorage.ownReservation.field(of: storage))
  }

  /// Takes a reference.
  @discardableResult public func get() -> Buffer {
    storage.record.references.get()
    return self
  }

  /// Gives a reference back; the last one begins the buffer's end, which may sleep.
  public func put() {
    if storage.record.references.put() { die() }
  }

  /// Like ``put()`` where the caller may not sleep: a worker does what is to be done (`fput`).
  func putLater() {
    guard storage.record.references.put() else { return }
    storage.record.references.initialise()
    WorkQueue.system.schedule(BufferStorage.reaper.field(of: storage))
  }
}
