import Fences
import Kernel
import Machine

/// One submitted job: the fence that others see, a place on the driver's list, and the way back.
struct DriverJob: ~Copyable {
  // First, so that freeing the fence frees the job.
  let fence = FenceStorage()
  // Guarded by the driver's lock.
  let pending = ListNode()
  // Written once before publication: the driver's record.
  let owner: Cell<UInt>

  init<Owner: ~Copyable>(owner: Object<Owner>) { self.owner = Cell(owner.machineAddress) }

  static let pendingOffset = FieldOffset<DriverJob, ListNode> { $0.pending.address }
  static let fenceOffset = FieldOffset<DriverJob, FenceStorage> { $0.fence.address }

  static func fence(of job: Object<DriverJob>) -> Fence { Fence(fenceOffset.field(of: job)) }

  /// The fence of the job that a list leads to.
  static func fence(on node: Object<ListNode>) -> Fence {
    fence(of: pendingOffset.record(around: node))
  }

  /// The job of a fence of that driver.
  static func job(of fence: Fence) -> Object<DriverJob> {
    fenceOffset.record(around: Object(machineAddress: fence.machineAddress))
  }

  /// The driver's record, from a fence of that driver.
  static func owner<Owner: ~Copyable>(of fence: Fence, as _: Owner.Type) -> Object<Owner> {
    Object(machineAddress: job(of: fence).record.owner.value)
  }

  /// A new job whose fence is ready, with one reference.
  static func make<Owner: ~Copyable>(
    owner: Object<Owner>, operations: Object<FenceOperations>, lock: Object<SpinLock>?,
    context: UInt64, seqno: UInt32
  ) -> Fence {
    let job = Machine.allocate(alignment: 64, DriverJob(owner: owner))
    job.record.pending.initialise()
    let fence = fence(of: job)
    fence.initialise(operations: operations, lock: lock, context: context, seqno: UInt64(seqno))
    return fence
  }
}

extension Fence {
  /// The seqno as the device writes it.
  var deviceSeqno: UInt32 { UInt32(truncatingIfNeeded: seqno) }

  /// Whether a device that has completed this seqno has passed the fence; seqnos wrap, so only the
  /// sign of the distance counts.
  func isPassed(by completed: UInt32) -> Bool { Int32(bitPattern: completed &- deviceSeqno) >= 0 }
}
