internal import Fences
internal import Kernel
internal import Machine

/// A record with a callback that counts, as a driver would embed it.
struct Counting: ~Copyable {
  let callback = FenceCallback()
  let calls = Cell<UInt32>(0)

  static let place = FieldOffset<Counting, FenceCallback> { $0.callback.address }

  static let function = FenceCallback.Function { _, callback in
    let counting = Object<Counting>(machineAddress: callback.machineAddress)
    counting.record.calls.value &+= 1
  }
}

/// What is timed on the Swift side: loop for loop what `twin_loops.h` declares.
enum Subject {
  static let operations = Machine.permanent(
    alignment: 64, FenceOperations(driverName: { _ in "subject" }, timelineName: { _ in "subject" })
  )

  static func make() -> Fence {
    Fence.make(operations: operations, context: 9, seqno: 1)
  }

  @inline(never)
  static func loopIsSignaled(_ fence: Fence, _ times: UInt64) -> UInt64 {
    var found: UInt64 = 0
    var turn: UInt64 = 0
    while turn < times {
      if fence.isSignaled() { found &+= 1 }
      turn &+= 1
    }
    return found
  }

  @inline(never)
  static func loopGetPut(_ fence: Fence, _ times: UInt64) {
    var turn: UInt64 = 0
    while turn < times {
      fence.get().put()
      turn &+= 1
    }
  }

  @inline(never)
  static func loopSignal(_ fence: Fence, _ counting: Object<Counting>, _ times: UInt64) {
    let operations = self.operations
    let callback = Counting.place.field(of: counting)
    let function = Counting.function
    var turn: UInt64 = 0
    while turn < times {
      fence.initialise(operations: operations, context: 9, seqno: turn)
      try? fence.addCallback(callback, function)
      fence.signal()
      turn &+= 1
    }
  }
}
