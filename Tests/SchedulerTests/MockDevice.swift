import Fences
import Kernel
import Machine
import Scheduler

/// The device of the kernel's scheduler tests: it works on jobs in the order of submission, back
/// to back, and a job without a duration only when told.
struct MockDevice: SchedulerBackEnd {
  let storage: Object<MockDeviceStorage>
  private let thread: KernelThread?

  /// - Parameter processor: Whose thread ends jobs when their time is over; nil where all jobs are
  ///   without a duration.
  init(processor: Int?) {
    let storage = Machine.allocate(MockDeviceStorage())
    storage.record.lock.initialise(class: "mock device")
    storage.record.running.initialise()
    self.storage = storage
    thread = processor.map { cpu in
      KernelThread.start("gpu", cpu: cpu) { Self.work(storage) }
    }
  }

  /// Stops the thread and frees the device.
  func destroy() {
    change { storage.record.isStopping.value = true }
    thread?.join()
    RCU.free(storage)
  }

  // MARK: - The scheduler's side

  func run(_ job: Job) -> RunAnswer {
    let mock = MockJob(job)
    if job.finishedFence.withLock({ job.finishedFence.error }) != nil { return .done }
    let now = Machine.clock()
    let fence = mock.hardwareFence
    change {
      let seqno = storage.record.nextSeqno.value + 1
      storage.record.nextSeqno.value = seqno
      fence.initialise(
        operations: Self.operations, context: storage.record.context, seqno: seqno)
      let isIdle = storage.record.running.isEmpty
      let start = isIdle ? now : max(storage.record.busyUntil.value, now)
      if mock.storage.record.duration.value > 0 {
        mock.storage.record.finishAt.value = start + mock.storage.record.duration.value
        storage.record.busyUntil.value = mock.storage.record.finishAt.value
      } else if isIdle {
        storage.record.busyUntil.value = 0
      }
      fence.get()
      storage.record.running.append(mock.storage.record.place)
    }
    return .submitted(fence)
  }

  func timedOut(_ job: Job) -> TimeoutAnswer {
    let mock = MockJob(job)
    if mock.has(.dontReset) {
      mock.set(.resetSkipped)
      return .noHang
    }
    let isHung = change {
      let isHung = !mock.storage.record.place.isAlone
      if isHung { mock.storage.record.place.remove() }
      return isHung
    }
    if isHung {
      mock.set(.timedOut)
      mock.hardwareFence.setError(MockDevice.timeout)
      mock.hardwareFence.signal()
    }
    job.cleanUp()
    mock.put()
    return .reset
  }

  func cancel(_ job: Job) {
    let mock = MockJob(job)
    let isPending = change {
      let isPending = !mock.storage.record.place.isAlone
      if isPending { mock.storage.record.place.remove() }
      return isPending
    }
    if isPending {
      mock.hardwareFence.setError(.cancelled)
      mock.hardwareFence.signal()
    }
  }

  func free(_ job: Job) {
    job.cleanUp()
    MockJob(job).put()
  }

  // MARK: - The device's side

  /// Ends that many jobs more, whatever their duration.
  ///
  /// - Returns: How many there were.
  func advance(_ count: UInt64) -> Int {
    storage.record.lock.lockIRQSave()
    defer { storage.record.lock.unlockIRQRestore() }
    storage.record.currentSeqno.value += count
    var ended = 0
    while let mock = oldest, mock.hardwareFence.seqno <= storage.record.currentSeqno.value {
      Self.complete(mock)
      ended += 1
    }
    return ended
  }

  private static func work(_ storage: Object<MockDeviceStorage>) {
    while true {
      // relaxed: rechecked under the lock.
      let seen = storage.record.changes.load(.relaxed)
      guard let deadline = completeWhatIsDue(storage) else { return }
      _ = Machine.park(
        on: storage.record.changes, while: seen, deadline: deadline == .max ? nil : deadline)
    }
  }

  /// - Returns: When the next job is due; nil where the device is to stop.
  private static func completeWhatIsDue(_ storage: Object<MockDeviceStorage>) -> UInt64? {
    storage.record.lock.lockIRQSave()
    defer { storage.record.lock.unlockIRQRestore() }
    let now = Machine.clock()
    var next = UInt64.max
    while let node = storage.record.running.first {
      let mock = MockJob.around(node)
      let end = mock.storage.record.finishAt.value
      next = end == 0 ? .max : end
      if end == 0 || end > now { break }
      storage.record.currentSeqno.value = mock.hardwareFence.seqno
      complete(mock)
      next = .max
    }
    return storage.record.isStopping.value ? nil : next
  }

  private var oldest: MockJob? { storage.record.running.first.map { MockJob.around($0) } }

  /// Ends a job, with the lock held.
  private static func complete(_ mock: MockJob) {
    mock.set(.done)
    mock.storage.record.place.remove()
    mock.get()
    mock.hardwareFence.signal()
    mock.storage.record.isOver.completeAll()
    mock.put()
  }

  @discardableResult private func change<Result>(_ body: () -> Result) -> Result {
    let result = storage.record.lock.withLockIRQSave(body)
    // relaxed: ends a sleep; the lock orders.
    _ = storage.record.changes.fetchAdd(1, .relaxed)
    Machine.wake(storage.record.changes)
    return result
  }

  /// The error `ETIMEDOUT`.
  static let timeout = Errno(code: 110)

  private static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "mock" }, timelineName: { _ in "device" }))
}

struct MockDeviceStorage: ~Copyable {
  let lock = SpinLock()
  // Guarded by lock:
  let running = ListHead()
  let nextSeqno = Cell<UInt64>(0)
  let currentSeqno = Cell<UInt64>(0)
  let busyUntil = Cell<UInt64>(0)
  let isStopping = Cell<Bool>(false)
  let context = FenceContext.allocate()
  let changes = Word<UInt32>(0)
}
