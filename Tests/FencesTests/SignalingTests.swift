import Fences
import Kernel
import Machine
import Testing

@Suite struct SignalingTests {
  @Test func `a second signal changes nothing, not even the timestamp`() {
    let fence = Fence.make(operations: Sample.operations, context: 7, seqno: 1)
    fence.signal(at: 100)
    fence.signal(at: 200)
    #expect(fence.isSignaled())
    #expect(fence.timestamp() == 100)
    fence.put()
  }

  @Test func `a callback added before the signal is called once, with the lock held`() throws {
    let fence = Fence.make(operations: Sample.operations, context: 7, seqno: 1)
    let record = Machine.allocate(CountingCallback())
    try record.record.attach(record, to: fence)
    #expect(record.record.calls.value == 0)
    fence.signal()
    fence.signal()
    #expect(record.record.calls.value == 1)
    #expect(fence.removeCallback(CountingCallback.callback.field(of: record)) == false)
    Machine.free(record)
    fence.put()
  }
}

/// Operations with the two mandatory members.
enum Sample {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "sample" }, timelineName: { _ in "line" }))
}

/// A record with an embedded callback that counts its calls.
struct CountingCallback: ~Copyable {
  let callback = FenceCallback()
  let calls = Cell<UInt32>(0)

  static let callback = FieldOffset<CountingCallback, FenceCallback> { $0.callback.address }
  static let function = FenceCallback.Function { _, callback in
    let record = CountingCallback.callback.record(around: callback)
    record.record.calls.value += 1
  }

  func attach(_ handle: Object<CountingCallback>, to fence: Fence) throws(Errno) {
    try fence.addCallback(Self.callback.field(of: handle), Self.function)
  }
}
