internal import Fences
public import Kernel
internal import Machine

extension SyncFile {
  /// Whether the fence is signaled (`sync_file_poll`).
  ///
  /// The first call adds a callback to the fence, which enables signaling and will wake
  /// ``wait(timeout:)``. Every call asks the fence's driver.
  ///
  /// - Ordering: As ``Fence/isSignaled()``: upstream promises nothing.
  public func poll() -> Bool {
    startPolling()
    return fence.isSignaled()
  }

  /// Sleeps until the fence is signaled, at most `timeout` (`poll`).
  ///
  /// - Returns: Whether it is.
  /// - Throws: `interrupted` where a signal is pending and the fence is not signaled.
  /// - Ordering: Where it is, sees everything that was written before signaling.
  public func wait(timeout: Jiffies = .max) throws(Errno) -> Bool {
    let left: Jiffies
    do throws(Errno) {
      left = try storage.record.queue.wait(interruptible: true, timeout: timeout) { poll() }
    } catch {
      throw .interrupted
    }
    guard left > .zero else { return false }
    // The fence's lock, taken once, orders what was written before it was signaled.
    fence.withLock {}
    return true
  }

  /// A descriptor of the operating system that becomes readable when the fence is signaled, for
  /// `poll(2)` and every event loop.
  ///
  /// It stays readable as long as nobody reads it, and belongs to the file: whoever wants one to
  /// keep or to close duplicates it (`dup(2)`).
  ///
  /// - Throws: ``DescriptorError``: in conducted runs, and where the process has no descriptor
  ///   left.
  public func descriptor() throws(DescriptorError) -> Int32 {
    let new = try DescriptorError.nativeOnly("wait with wait(timeout:), or ask poll()") {
      NativeEvent.make()
    }
    let descriptor = storage.record.lock.withLockIRQSave {
      if storage.record.descriptor.value < 0 { storage.record.descriptor.value = new.descriptor }
      return storage.record.descriptor.value
    }
    if descriptor != new.descriptor { new.close() }
    // If the callback ran before the descriptor was there, the fence is signaled by now.
    if poll() { raiseDescriptor() }
    return descriptor
  }

  // MARK: - Private

  /// Adds the callback, once in the file's life.
  private func startPolling() {
    // relaxed: it only picks one caller; the others find the fence signaled, or are woken.
    guard storage.record.isPolled.exchange(1, .relaxed) == 0 else { return }
    do throws(Errno) {
      try fence.addCallback(SyncFileStorage.callback.field(of: storage), Self.fenceIsSignaled)
    } catch {
      storage.record.queue.wakeAll()
    }
  }

  /// Takes the callback back when the last reference is gone.
  func stopPolling() {
    // relaxed: the last reference is gone, and its count has ordered everybody's work.
    guard storage.record.isPolled.load(.relaxed) == 1 else { return }
    fence.removeCallback(SyncFileStorage.callback.field(of: storage))
    let descriptor = storage.record.descriptor.value
    if descriptor >= 0 { NativeEvent(descriptor: descriptor).close() }
  }

  /// Runs with the fence's lock held.
  private static let fenceIsSignaled = FenceCallback.Function { _, callback in
    let record = SyncFileStorage.callback.record(around: callback)
    let file = SyncFile(machineAddress: record.machineAddress)
    file.raiseDescriptor()
    record.record.queue.wakeAll()
  }

  private func raiseDescriptor() {
    guard Conductor.current == nil else { return }
    storage.record.lock.withLockIRQSave {
      let descriptor = storage.record.descriptor.value
      if descriptor >= 0 { NativeEvent(descriptor: descriptor).raise() }
    }
  }
}
