import Fences
import Kernel
import Machine

/// A record with an embedded callback that counts its calls.
struct CountingCallback: ~Copyable {
  let callback = FenceCallback()
  let calls = Cell<UInt32>(0)
  /// Whether the fence's lock was held at the last call.
  let sawLock = Cell<Bool>(false)

  static let callback = FieldOffset<CountingCallback, FenceCallback> { $0.callback.address }
  static let function = FenceCallback.Function { fence, callback in
    let record = CountingCallback.callback.record(around: callback)
    record.record.calls.value += 1
    let log = WarningLog()
    log.collect { fence.assertHeld() }
    record.record.sawLock.value = log.messages.isEmpty
  }
}

/// The handle of such a record, with the verbs a test needs.
struct Counting {
  let record = Machine.allocate(CountingCallback())

  var calls: UInt32 { record.record.calls.value }
  var sawLock: Bool { record.record.sawLock.value }
  var handle: Object<FenceCallback> { CountingCallback.callback.field(of: record) }

  func add(to fence: Fence) throws(Errno) {
    try fence.addCallback(handle, CountingCallback.function)
  }

  func free() { Machine.free(record) }
}

/// A driver whose answers a test sets, and that counts what it is asked.
struct Driver: ~Copyable {
  let storage = FenceStorage()
  let isDone = Cell<Bool>(false)
  let enables = Cell<Bool>(true)
  let enableCalls = Cell<UInt32>(0)
  let pollCalls = Cell<UInt32>(0)

  static let fence = FieldOffset<Driver, FenceStorage> { $0.storage.address }

  static func around(_ fence: Fence) -> Object<Driver> {
    Driver.fence.record(around: Object(machineAddress: fence.machineAddress))
  }

  /// A driver with one fence in its record.
  ///
  /// Its `release` frees the record.
  static func make() -> (driver: Object<Driver>, fence: Fence) {
    let driver = Machine.allocate(Driver())
    let fence = Fence(Driver.fence.field(of: driver))
    fence.initialise(operations: operations, context: 9, seqno: 1)
    return (driver, fence)
  }

  static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "driver" }, timelineName: { _ in "line" },
      enableSignaling: { fence in
        let driver = around(fence)
        driver.record.enableCalls.value += 1
        return driver.record.enables.value
      },
      isSignaled: { fence in
        let driver = around(fence)
        driver.record.pollCalls.value += 1
        return driver.record.isDone.value
      },
      release: { fence in RCU.free(around(fence)) }))
}

/// Operations with the two mandatory members only, and fences of them.
enum Plain {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "plain" }, timelineName: { _ in "line" }))

  static func fence(context: UInt64 = 7, seqno: UInt64 = 1) -> Fence {
    Fence.make(operations: operations, context: context, seqno: seqno)
  }
}

/// Runs a waiter on a thread of its own, and tells when it sleeps on the fence.
struct Waiting {
  let outcome = Machine.permanent(Word<Int64>(.min))
  let task = Machine.permanent(Word<KernelTask?>(nil))
  let thread: KernelThread

  init(on fence: Fence, interruptible: Bool, timeout: Jiffies = .max) {
    let (outcome, task) = (outcome, task)
    thread = KernelThread.start("waiter") {
      task.record.store(KernelTask.current, .release, edge: "test.task")
      let value: Int64
      do throws(Errno) {
        value = Int64(try fence.wait(interruptible: interruptible, timeout: timeout).count)
      } catch {
        value = Int64(error.kernelValue)
      }
      KernelTask.current.clearSignal()
      outcome.record.store(value, .relaxed)
    }
    while !fence.hasCallbacks && !fence.testSignaledFlag() {}
  }

  /// What the wait returned: jiffies left, or a negative error number.
  func join() -> Int64 {
    thread.join()
    return outcome.record.load(.relaxed)
  }

  func sendSignal() { task.record.load(.acquire, edge: "test.task")?.sendSignal() }
}
