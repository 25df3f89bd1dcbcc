internal import Fences
internal import Kernel
internal import Machine

/// A buffer's memory (`struct dma_buf` and the part of `struct ttm_buffer_object` that dies).
public struct BufferStorage: ~Copyable {
  /// The reservation of a buffer that shares none, and of every buffer that is dying.
  let ownReservation = ReservationStorage()
  // Written before publication and, once the last reference is gone, by the destruction.
  let reservation: Cell<Reservation?>
  let references = ReferenceCount(1)
  // Guarded by the reservation's lock, then owned by the destruction:
  let resource: Cell<UInt64>
  let memory: Cell<Object<BufferMemory>?>
  /// The buffer whose old memory a ghost holds.
  let original: Cell<Buffer?>
  // Owned by the destruction:
  let reaper: WorkItem
  let waiting = BufferWaiting()

  init(shared: Reservation?, memory: Object<BufferMemory>?, resource: UInt64) {
    reservation = Cell(shared)
    self.memory = Cell(memory)
    self.resource = Cell(resource)
    original = Cell(nil)
    reaper = WorkItem { item in
      Buffer(BufferStorage.reaper.record(around: item)).finishDying()
    }
  }

  static let ownReservation = FieldOffset<BufferStorage, ReservationStorage> {
    $0.ownReservation.address
  }
  static let reaper = FieldOffset<BufferStorage, WorkItem> { $0.reaper.address }
  static let waiting = FieldOffset<BufferStorage, BufferWaiting> { $0.waiting.address }
}

/// Where buffers get their memory from, as far as fences concern it: somebody who is told what is
/// free again (`struct ttm_resource_manager`).
///
/// It belongs to a driver and outlives its buffers.
public struct BufferMemory: ~Copyable {
  let free: @Sendable (UInt64) -> Void

  /// Memory that calls `free` with every resource that no fence can touch any more.
  public init(free: @escaping @Sendable (UInt64) -> Void) { self.free = free }
}
