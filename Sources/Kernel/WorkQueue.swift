public import Machine

/// A worker thread and what waits for it, first come first served: the kernel's
/// `alloc_ordered_workqueue`.
///
/// The worker starts when there is something to do and ends when there is nothing left. The handle
/// is trivial; ``destroy()`` ends the queue.
public struct WorkQueue: Sendable {
  let storage: Object<WorkQueueStorage>

  /// An empty queue.
  ///
  /// - Parameters:
  ///   - name: The worker's name in reports.
  ///   - cpu: The virtual CPU that the worker runs on.
  public static func make(_ name: String, cpu: Int = 0) -> WorkQueue {
    let queue = WorkQueue(storage: Machine.allocate(WorkQueueStorage(name: name, cpu: cpu)))
    queue.storage.record.lock.initialise(class: "work queue")
    return queue
  }

  /// The queue of whoever needs none of their own (`system_wq`).
  public static var system: WorkQueue {
    WorkQueue(storage: Conductor.current == nil ? nativeSystem : virtualSystem)
  }

  private static let nativeSystem = Machine.permanent(WorkQueueStorage(name: "worker", cpu: 0))
  private static let virtualSystem = Machine.permanent(WorkQueueStorage(name: "worker", cpu: 0))

  /// Lets the worker run the item (`queue_work`, `schedule_work` on ``system``).
  ///
  /// - Returns: false where it waits on the queue already; then it runs once.
  /// - Ordering: What was written before is visible to what runs; the queue's lock orders.
  /// - Progress: Never sleeps; may be called with interrupts off.
  @discardableResult public func schedule(_ item: Object<WorkItem>) -> Bool {
    let queue = storage
    queue.record.lock.lockIRQSave()
    let isNew = !item.record.isQueued.value
    var mustStart = false
    if isNew {
      queue.record.append(item)
      mustStart = !queue.record.isRunning.value
      queue.record.isRunning.value = true
    }
    queue.record.lock.unlockIRQRestore()
    if mustStart { startWorker() }
    return isNew
  }

  /// Sleeps until the item has run as often as it was queued before (`flush_work`).
  ///
  /// - Returns: Whether there was something to wait for.
  /// - Precondition: Not called from the item, nor with a lock held that it takes.
  @discardableResult public func flush(_ item: Object<WorkItem>) -> Bool {
    storage.record.lock.lockIRQSave()
    let ticket = item.record.ticket.value
    storage.record.lock.unlockIRQRestore()
    return wait { $0.isUnfinished(ticket, item) }
  }

  /// Takes the item off the queue and waits until it does not run (`cancel_work_sync`).
  ///
  /// - Returns: Whether it was on the queue.
  /// - Precondition: As for ``flush(_:)``.
  @discardableResult public func cancelAndWait(_ item: Object<WorkItem>) -> Bool {
    let queue = storage
    var wasQueued = false
    _ = wait { queue in
      if item.record.isQueued.value {
        queue.remove(item)
        wasQueued = true
      }
      return queue.current.value == item.machineAddress
    }
    if wasQueued { queue.record.noteChange() }
    return wasQueued
  }

  /// Waits until the queue is empty and its worker gone, and frees it (`destroy_workqueue`).
  public func destroy() {
    _ = wait { $0.isRunning.value }
    // The worker's last step on the queue is a wake-up inside a read section.
    RCU.free(storage)
  }

  // MARK: - Private

  /// Sleeps while the claim, asked under the lock, is true.
  ///
  /// - Returns: Whether it was true at first.
  private func wait(while isTrue: (borrowing WorkQueueStorage) -> Bool) -> Bool {
    Kernel.mightSleep()
    var hadToWait = false
    while true {
      storage.record.lock.lockIRQSave()
      let mustWait = isTrue(storage.record)
      // relaxed: changed only under the lock.
      let seen = storage.record.changes.load(.relaxed)
      storage.record.lock.unlockIRQRestore()
      guard mustWait else { return hadToWait }
      hadToWait = true
      _ = Machine.park(on: storage.record.changes, while: seen)
    }
  }

  private func startWorker() {
    let queue = storage
    let body: @Sendable () -> Void = { WorkQueue(storage: queue).work() }
    let name = queue.record.name
    let spawn = Spawn(name: name, cpu: queue.record.cpu, context: .task, body: body)
    if Conductor.perform(.spawn(spawn)) == nil { NativeThread.detach(name: name, body) }
  }

  /// The worker's life: runs one item after another until there is none.
  private func work() {
    while let item = takeNext() {
      let function = item.record.function
      function(item)
      finishCurrent()
    }
  }

  private func takeNext() -> Object<WorkItem>? {
    // The read section keeps the queue until the wake-up is done with it; see destroy().
    RCU.withReadLock {
      storage.record.lock.lockIRQSave()
      let item = storage.record.takeFirst()
      if item == nil { storage.record.isRunning.value = false }
      storage.record.lock.unlockIRQRestore()
      if item == nil { storage.record.noteChange() }
      return item
    }
  }

  private func finishCurrent() {
    storage.record.lock.lockIRQSave()
    storage.record.current.value = 0
    storage.record.lock.unlockIRQRestore()
    storage.record.noteChange()
  }
}
