import Fences
import Hardware
import Kernel
import Machine

/// What the polling driver knows about its device.
struct PollingState: ~Copyable {
  let queue = FenceQueue()
  let engine: Engine
  let device: Device
  let patience: Jiffies
  let mistake: PollingDriver.Mistake
  // Guarded by the queue's lock: from the decision to reset until the engine was reset.
  let isResetting = Cell<Bool>(false)
  // Owned by the watchdog: the seqno it saw last, and since when it is the same.
  let seenSeqno: Cell<UInt32>
  let seenAt = Cell<UInt64>(0)
  let mustStop = Word<Bool>(false)

  init(
    _ engine: Engine, _ device: Device, _ patience: Jiffies, _ mistake: PollingDriver.Mistake,
    _ seqno: UInt32
  ) {
    self.engine = engine
    self.device = device
    self.patience = patience
    self.mistake = mistake
    seenSeqno = Cell(seqno)
  }

  /// Publishes a job, with the lock held; says why not otherwise.
  borrowing func submit(
    _ job: Object<DriverJob>, _ nanoseconds: UInt32, owner: Object<PollingState>
  ) -> Errno? {
    guard device.isPresent else { return .noDevice }
    let seqno = queue.lastSeqno.value &+ 1
    guard !isResetting.value, engine.submit(.execute(seqno: seqno, nanoseconds: nanoseconds))
    else { return .tryAgain }
    queue.lastSeqno.value = seqno
    queue.references.get()
    job.record.pending.initialise()
    let fence = DriverJob.fence(of: job)
    fence.initialise(
      operations: Self.operations, lock: queue.lockObject(), context: queue.context.value,
      seqno: UInt64(seqno))
    queue.append(fence)
    return nil
  }

  /// Signals what the engine has passed, with the lock held.
  borrowing func look() { queue.signal(upTo: engine.completedSeqno) }

  /// Signals the oldest job, whatever the engine has done: the mistake.
  borrowing func signalOne() {
    guard let node = queue.pending.first else { return }
    queue.signal(upTo: DriverJob.fence(on: node).deviceSeqno)
  }

  /// Gives one part back; the last one frees the record after a grace period.
  static func put(_ state: Object<PollingState>) {
    if state.record.queue.references.put() { RCU.free(state) }
  }

  static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "polling" }, timelineName: { _ in "engine" },
      isSignaled: { fence in
        let state = DriverJob.owner(of: fence, as: PollingState.self)
        return fence.isPassed(by: state.record.engine.completedSeqno)
      },
      release: { fence in
        let state = DriverJob.owner(of: fence, as: PollingState.self)
        fence.free()
        put(state)
      }))
}

// MARK: - The watchdog

extension PollingState {
  /// The watchdog's life: one look a tick.
  static func watch(_ state: Object<PollingState>) {
    // The clock counts from long ago, and what nobody has looked at is not late.
    state.record.seenAt.value = Machine.clock()
    // relaxed: asked again every tick; the joiner orders.
    while !state.record.mustStop.load(.relaxed) {
      Machine.delay(nanoseconds: Jiffies.nanosecondsPerJiffy)
      let lock = state.record.queue.lockObject()
      lock.record.lockIRQSave()
      state.record.look()
      let request = state.record.isStuck() ? state.record.beginReset() : nil
      lock.record.unlockIRQRestore()
      guard let request else { continue }
      state.record.engine.awaitReset(request)
      lock.record.lockIRQSave()
      state.record.endReset()
      lock.record.unlockIRQRestore()
    }
  }

  /// Whether there are jobs, and nothing has happened for too long.
  private borrowing func isStuck() -> Bool {
    let now = Machine.clock()
    let completed = engine.completedSeqno
    if queue.pending.isEmpty || completed != seenSeqno.value {
      seenSeqno.value = completed
      seenAt.value = now
      return false
    }
    return !device.isPresent
      || now - seenAt.value >= UInt64(patience.count) * Jiffies.nanosecondsPerJiffy
  }

  private borrowing func beginReset() -> UInt32 {
    isResetting.value = true
    return engine.requestReset()
  }

  /// Ends every job that the reset has swallowed, with the lock held.
  private borrowing func endReset() {
    // What the engine did before it was reset counts.
    look()
    isResetting.value = false
    seenAt.value = Machine.clock()
    guard device.isPresent else { return queue.signalAll(.noDevice) }
    guard let node = queue.pending.first else { return }
    let guilty = DriverJob.fence(on: node)
    guilty.setError(.timeExpired)
    queue.signal(upTo: guilty.deviceSeqno)
    queue.signalAll(.cancelled)
  }
}
