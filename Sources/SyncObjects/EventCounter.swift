public import Kernel
public import Machine

/// A number that somebody raises and somebody else waits for: the kernel's `struct eventfd_ctx`.
///
/// In a native run it can raise a real `eventfd` as well. The handle is trivial; ``get()`` and
/// ``put()`` count.
public struct EventCounter: MachineReference, Equatable {
  private let storage: Object<EventCounterStorage>

  /// The counter that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// Where the counter lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// A counter at 0 with one reference (`eventfd`).
  ///
  /// - Returns: nil without memory.
  public static func make() -> EventCounter? { make(event: nil) }

  /// A counter that also raises an `eventfd` of the process, which stays the caller's to close
  /// (`eventfd_ctx_fdget`).
  ///
  /// - Throws: ``DescriptorError``: in conducted runs, and for what is no open `eventfd`.
  public static func make(raising descriptor: Int32) throws(DescriptorError) -> EventCounter {
    let event = try DescriptorError.nativeOnly(
      "make the counter without a descriptor, and wait with read()"
    ) { NativeEvent.duplicate(of: descriptor) }
    guard let counter = make(event: event) else {
      event.close()
      throw .refused(.noMemory)
    }
    return counter
  }

  private static func make(event: NativeEvent?) -> EventCounter? {
    guard let storage = Machine.tryAllocate(EventCounterStorage(event: event)) else { return nil }
    storage.record.lock.initialise(class: "event counter")
    storage.record.queue.initialise(class: "event counter queue")
    return EventCounter(machineAddress: storage.machineAddress)
  }

  /// Takes a reference.
  @discardableResult public func get() -> EventCounter {
    storage.record.references.get()
    return self
  }

  /// Gives a reference back.
  public func put() {
    guard storage.record.references.put() else { return }
    storage.record.event?.close()
    Machine.free(storage)
  }

  /// Raises the number by 1 and wakes whoever waits (`eventfd_signal`).
  ///
  /// - Progress: Never sleeps; may be called with interrupts off.
  public func signal() {
    storage.record.lock.withLockIRQSave {
      if storage.record.count.value < .max { storage.record.count.value += 1 }
    }
    storage.record.event?.raise()
    storage.record.queue.wakeAll()
  }

  /// The number now; it stays as it is.
  public var count: UInt64 { storage.record.lock.withLockIRQSave { storage.record.count.value } }

  /// Sleeps until the number is not 0, and sets it to 0 (`read`).
  ///
  /// - Returns: The number.
  /// - Throws: `tryAgain` where the time ran out; `restartSystemCall` where a signal is pending.
  /// - Ordering: Sees what was written before the number was raised.
  public func read(timeout: Jiffies = .max) throws(Errno) -> UInt64 {
    var left = timeout
    while true {
      let taken = take()
      if taken > 0 { return taken }
      if left == .zero { throw .tryAgain }
      left = try wait(timeout: left)
    }
  }

  /// Sleeps until the number is not 0 (`poll`).
  ///
  /// - Returns: The time that is left; zero where it ran out.
  /// - Throws: `restartSystemCall` where a signal is pending.
  public func wait(timeout: Jiffies = .max) throws(Errno) -> Jiffies {
    try storage.record.queue.wait(interruptible: true, timeout: timeout) { count > 0 }
  }

  private func take() -> UInt64 {
    storage.record.lock.withLockIRQSave {
      defer { storage.record.count.value = 0 }
      return storage.record.count.value
    }
  }
}

/// What a counter keeps.
private struct EventCounterStorage: ~Copyable {
  let references = ReferenceCount(1)
  let lock = SpinLock()
  // Guarded by lock:
  let count = Cell<UInt64>(0)
  let queue = WaitQueue()
  /// Native only; a duplicate of the caller's.
  let event: NativeEvent?

  init(event: NativeEvent?) { self.event = event }
}
