public import Kernel
public import Machine

/// The fences that concern one buffer, and the buffer's lock: the kernel's `struct dma_resv`.
///
/// Whoever changes the set holds the lock. Whoever reads it needs no lock, and may find fences
/// that were replaced meanwhile. The handle is trivial.
///
/// A fence may be *waited for* with the lock held. Hence nothing that must happen before a fence
/// is signaled may take the lock.
public struct Reservation: MachineReference, Equatable {
  let storage: Object<ReservationStorage>

  /// The reservation that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// The reservation inside a record.
  public init(_ storage: Object<ReservationStorage>) { self.storage = storage }

  /// Where the reservation lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// The family of the locks of all reservations (`reservation_ww_class`): the younger context
  /// dies.
  public static let family = Machine.permanent(WoundWaitClass(.waitDie))

  // MARK: - Life

  /// A reservation in memory of its own; ``destroy()`` ends it.
  public static func make() -> Reservation {
    let reservation = Reservation(Machine.allocate(ReservationStorage()))
    reservation.initialise()
    return reservation
  }

  /// Makes a reservation without fences of memory that nobody else can see yet (`dma_resv_init`).
  public func initialise() {
    storage.record.lock.initialise(class: Kernel.reservationClass)
    // relaxed: nobody else can see it yet.
    storage.record.list.store(nil, .relaxed)
  }

  /// Gives every fence back; nobody may use the reservation any more (`dma_resv_fini`).
  public func finish() {
    // relaxed: nobody else has the reservation.
    storage.record.list.load(.relaxed)?.drop()
  }

  /// Finishes a reservation from ``make()`` and frees its memory.
  public func destroy() {
    finish()
    Machine.free(storage)
  }

  // MARK: - The lock

  /// Takes the lock (`dma_resv_lock`, `dma_resv_lock_interruptible`).
  ///
  /// - Parameter context: The attempt that this lock is part of; nil for one by itself.
  /// - Throws: `already` where the context holds it; `deadlock` where the context must give back
  ///   all it holds and begin with this one; `interrupted` where a signal is pending.
  public func lock(
    _ context: Object<AcquireContext>? = nil, interruptible: Bool = false
  ) throws(Errno) {
    try storage.record.lock.lock(context, interruptible: interruptible)
  }

  /// Takes the lock that a context had to give way for (`dma_resv_lock_slow`).
  public func lockSlowly(
    _ context: Object<AcquireContext>, interruptible: Bool = false
  ) throws(Errno) {
    try storage.record.lock.lockSlowly(context, interruptible: interruptible)
  }

  /// Takes the lock if it is free (`dma_resv_trylock`).
  public func tryLock() -> Bool { storage.record.lock.tryLock() }

  /// Gives the lock back, and with it every slot that is not used (`dma_resv_unlock`).
  public func unlock() {
    if let list = heldList { list.record.capacity = list.count }
    storage.record.lock.unlock()
  }

  /// Runs `body` with the lock held, taken without a context.
  public func withLock<Result>(_ body: () throws(Errno) -> Result) throws(Errno) -> Result {
    try lock()
    defer { unlock() }
    return try body()
  }

  /// Whether anybody holds the lock (`dma_resv_is_locked`).
  public var isLocked: Bool { storage.record.lock.isHeld }

  /// Warns unless the caller holds the lock (`dma_resv_assert_held`).
  public func assertHeld() { storage.record.lock.assertHeldByCaller() }

  /// The list, for the holder of the lock.
  var heldList: Object<ReservationList>? {
    // relaxed: only the holder of the lock writes it.
    storage.record.list.load(.relaxed)
  }
}
