import Fences
import Kernel
import Machine
import Scheduler

/// A scheduler with a device small enough for every interleaving.
struct Model: Sendable {
  let device: ModelDevice
  let scheduler: JobScheduler

  init() {
    let queue = WorkQueue.make("worker", cpu: 2)
    var options = SchedulerOptions()
    options.queue = queue
    options.timeoutQueue = queue
    options.cpu = 2
    device = ModelDevice(
      storage: Machine.allocate(ModelDeviceStorage()), queue: queue)
    scheduler = JobScheduler.make(options, backEnd: device)
  }

  /// Submits a job, perhaps one that waits for a fence.
  ///
  /// - Returns: Its finished fence, with a reference.
  func submit(to entity: Entity, after dependency: Fence? = nil) -> Fence? {
    let record = Machine.allocate(ModelJob())
    let job = Job(machineAddress: record.machineAddress)
    device.storage.record.job.value = job
    do throws(Errno) {
      try job.initialise(in: entity)
    } catch {
      device.freeJob()
      entity.destroy()
      end()
      dependency?.put()
      return nil
    }
    do throws(Errno) {
      try job.addDependency(dependency?.get())
    } catch {
      job.cleanUp()
      device.freeJob()
      entity.destroy()
      end()
      dependency?.put()
      return nil
    }
    job.arm()
    let finished = job.finishedFence.get()
    job.push()
    return finished
  }

  /// Ends everything, when nobody else runs any more.
  func end() {
    scheduler.destroy()
    free()
  }

  /// Frees what lives longer than the scheduler.
  func free() {
    device.queue.destroy()
    Machine.free(device.storage)
  }
}

/// The device: a flag that says that it has work, and a fence that says that the work is over.
struct ModelDevice: SchedulerBackEnd {
  let storage: Object<ModelDeviceStorage>
  let queue: WorkQueue

  /// The condition that the device has a job.
  var hasWork: Condition { storage.record.hasWork.differs(from: 0, .acquire, edge: "test.work") }

  /// Does the work and gives the device's reference to the fence back.
  func work() {
    guard let fence = storage.record.fence.value else { return }
    fence.signal()
    fence.put()
  }

  func waitAndWork() {
    Machine.spin(until: hasWork)
    work()
  }

  var freeCount: UInt32 {
    // relaxed: asked when everything is over.
    storage.record.freeCount.load(.relaxed)
  }

  /// Frees the memory of the only job.
  func freeJob() {
    if let job = storage.record.job.value {
      Machine.free(Object<ModelJob>(machineAddress: job.machineAddress))
    }
  }

  func run(_ job: Job) -> RunAnswer {
    let fence = Fence.make(operations: Self.operations, context: 1_000, seqno: 1)
    storage.record.fence.value = fence.get()
    storage.record.hasWork.store(1, .release, edge: "test.work")
    return .submitted(fence)
  }

  func timedOut(_ job: Job) -> TimeoutAnswer { .noHang }

  func free(_ job: Job) {
    job.cleanUp()
    // relaxed: read when everything is over.
    _ = storage.record.freeCount.fetchAdd(1, .relaxed)
    freeJob()
  }

  func cancel(_ job: Job) {
    job.hardwareFence?.withLock {
      guard let fence = job.hardwareFence, !fence.isSignaledLocked() else { return }
      fence.setError(.cancelled)
      fence.signalLocked()
    }
  }

  private static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "model" }, timelineName: { _ in "device" }))
}

struct ModelDeviceStorage: ~Copyable {
  let hasWork = Word<UInt32>(0)
  let fence = Cell<Fence?>(nil)
  let freeCount = Word<UInt32>(0)
  let job = Cell<Job?>(nil)
}

struct ModelJob: ~Copyable {
  let job = JobStorage()
}
