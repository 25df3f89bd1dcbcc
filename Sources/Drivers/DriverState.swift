import Fences
import Kernel
import Machine

/// What the shared-lock driver knows about its device.
///
/// It lives until the device is closed and the last fence is gone: both own a part of it, because
/// the fences' lock is in here.
struct DriverState: ~Copyable {
  let lock = SpinLock()
  // Guarded by lock: jobs that were submitted and whose fences have not signaled, oldest first.
  let pending = ListHead()
  // Guarded by lock:
  let lastSeqno = Cell<UInt32>(0)
  // Written once before publication:
  let context: Cell<UInt64>
  let references = ReferenceCount(1)

  init(context: UInt64) { self.context = Cell(context) }

  /// Finishes what needs the record's final place.
  borrowing func initialise() {
    lock.initialise(class: "shared-lock driver")
    pending.initialise()
  }

  /// The lock, as the fences are told of it.
  static func lock(of state: Object<DriverState>) -> Object<SpinLock> {
    Object(machineAddress: state.record.lock.address)
  }

  /// Gives one part back; the last one frees the record after a grace period.
  static func put(_ state: Object<DriverState>) {
    if state.record.references.put() { RCU.free(state) }
  }
}
