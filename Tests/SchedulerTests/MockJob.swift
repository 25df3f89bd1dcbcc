import Fences
import Kernel
import Machine
import Scheduler
import Testing

/// A job of the mock device, with what a test wants to know of it afterwards.
///
/// The scheduler owns one reference, the test the other.
struct MockJob {
  let storage: Object<MockJobStorage>

  /// A job that takes so long, or until the device is told to go on.
  static func make(in entity: Entity, nanoseconds: UInt64 = 0, _ flags: UInt32 = 0) -> MockJob? {
    let storage = Machine.allocate(MockJobStorage(flags: flags, nanoseconds: nanoseconds))
    storage.record.place.initialise()
    storage.record.isOver.initialise(class: "mock job")
    let mock = MockJob(storage: storage)
    // The fence is preallocated; it is initialised when the job runs.
    storage.record.hardware.value = Fence(Machine.allocate(alignment: 64, FenceStorage()))
    do throws(Errno) {
      try mock.job.initialise(in: entity)
      return mock
    } catch {
      Machine.free(Object<FenceStorage>(machineAddress: mock.hardwareFence.machineAddress))
      Machine.free(storage)
      return nil
    }
  }

  static func make(in entity: Entity, microseconds: UInt64) -> MockJob? {
    make(in: entity, nanoseconds: microseconds * 1_000)
  }

  init(storage: Object<MockJobStorage>) { self.storage = storage }

  init(_ job: Job) { storage = Object(machineAddress: job.machineAddress) }

  static func around(_ node: Object<ListNode>) -> MockJob {
    MockJob(storage: MockJobStorage.place.record(around: node))
  }

  var job: Job { Job(machineAddress: storage.machineAddress) }

  var hardwareFence: Fence {
    guard let fence = storage.record.hardware.value else { preconditionFailure("no fence") }
    return fence
  }

  /// Arms the job and hands it over.
  func submit() {
    job.arm()
    storage.record.finished.value = job.finishedFence.get()
    get()
    job.push()
  }

  /// The public fence, which outlives the job.
  var finishedFence: Fence {
    guard let fence = storage.record.finished.value else { preconditionFailure("not submitted") }
    return fence
  }

  func get() { storage.record.references.get() }

  func put() {
    guard storage.record.references.put() else { return }
    storage.record.finished.value?.put()
    if hardwareFence.wasInitialised {
      hardwareFence.put()
    } else {
      Machine.free(Object<FenceStorage>(machineAddress: hardwareFence.machineAddress))
    }
    RCU.free(storage)
  }

  // MARK: - Flags

  func has(_ flag: MockJobStorage.Flag) -> Bool {
    // relaxed: what the tests wait for orders.
    storage.record.flags.load(.relaxed) & flag.rawValue != 0
  }

  func set(_ flag: MockJobStorage.Flag) {
    // relaxed: as above.
    let flags = storage.record.flags.load(.relaxed)
    storage.record.flags.store(flags | flag.rawValue, .relaxed)
  }

  // MARK: - Waiting

  func waitScheduled(_ jiffies: Int = 1_000) -> Bool {
    Machine.expect(!has(.done), "the job is over already")
    // The finished fence keeps the scheduled one.
    return wait(job.scheduledFence, jiffies)
  }

  func waitFinished(_ jiffies: Int = 1_000) -> Bool {
    if has(.done) { return true }
    let left = try? storage.record.isOver.wait(interruptible: false, timeout: Jiffies(jiffies))
    return left ?? .zero > .zero
  }

  private func wait(_ fence: Fence, _ jiffies: Int) -> Bool {
    let left = try? fence.wait(interruptible: false, timeout: Jiffies(jiffies))
    return left ?? .zero > .zero
  }
}

struct MockJobStorage: ~Copyable {
  enum Flag: UInt32 {
    case done = 1
    case timedOut = 2
    case dontReset = 4
    case resetSkipped = 8
  }

  // First, so that its address is the record's.
  let job = JobStorage()
  let references = ReferenceCount(1)
  let flags: Word<UInt32>
  let isOver = Completion()
  // Written once before publication:
  let hardware = Cell<Fence?>(nil)
  let finished = Cell<Fence?>(nil)
  let duration: Cell<UInt64>
  // Guarded by the device's lock:
  let place = ListNode()
  let finishAt = Cell<UInt64>(0)

  init(flags: UInt32, nanoseconds: UInt64) {
    self.flags = Word(flags)
    duration = Cell(nanoseconds)
  }

  static let place = FieldOffset<MockJobStorage, ListNode> { $0.place.address }
}
