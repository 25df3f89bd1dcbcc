import Fences
import Kernel
import Machine

/// The suites' mock fence: no member but the names.
enum Mock {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "mock" }, timelineName: { _ in "mock" }))

  /// A fence of context 0 with sequence number 0.
  static func fence(context: UInt64 = 0, seqno: UInt64 = 0) -> Fence {
    Fence.make(operations: operations, context: context, seqno: seqno)
  }

  /// A fence with signaling enabled, on a timeline of its own unless one is named.
  static func enabled(context: UInt64? = nil, seqno: UInt64 = 1) -> Fence {
    let fence = fence(context: context ?? FenceContext.allocate(), seqno: seqno)
    fence.enableSignaling()
    return fence
  }
}

/// A callback that says whether it ran.
struct Seen {
  struct Record: ~Copyable {
    let callback = FenceCallback()
    let isSeen = Word<UInt32>(0)
    static let callback = FieldOffset<Record, FenceCallback> { $0.callback.address }
    static let mark = FenceCallback.Function { _, callback in
      // relaxed: the signaler's return, or the fence's lock, orders.
      Record.callback.record(around: callback).record.isSeen.store(1, .relaxed)
    }
  }

  let record = Machine.allocate(Record())

  // relaxed: as above.
  var isSeen: Bool { record.record.isSeen.load(.relaxed) == 1 }

  func add(to fence: Fence) -> Errno? {
    do throws(Errno) {
      try fence.addCallback(Record.callback.field(of: record), Record.mark)
      return nil
    } catch {
      return error
    }
  }

  func remove(from fence: Fence) -> Bool {
    fence.removeCallback(Record.callback.field(of: record))
  }

  func free() { Machine.free(record) }
}

/// Fences and a chain over them, as the suite's `fence_chains`.
struct Chains: Sendable {
  let fences: [Fence]
  let nodes: [Fence]

  /// - Returns: nil without memory.
  init?(
    _ count: Int, enablesSignaling: Bool = true, seqno: (UInt64) -> UInt64 = { $0 + 1 }
  ) {
    var (fences, nodes): ([Fence], [Fence]) = ([], [])
    for number in 0..<UInt64(count) {
      guard let node = FenceChain.allocate() else {
        for fence in fences { fence.signal() }
        for fence in nodes + fences { fence.put() }
        return nil
      }
      let fence = Mock.fence()
      node.initialise(previous: nodes.last?.get(), fence: fence.get(), seqno: seqno(number))
      if enablesSignaling { node.fence.enableSignaling() }
      fences.append(fence)
      nodes.append(node.fence)
    }
    (self.fences, self.nodes) = (fences, nodes)
  }

  var tail: Fence? { nodes.last }

  /// Looks for a point from a fence, and gives back what it found; nil for an error.
  func find(_ seqno: UInt64, from start: Fence?) -> Found {
    var fence = start?.get()
    do throws(Errno) {
      try FenceChain.find(seqno: seqno, from: &fence)
    } catch {
      defer { fence?.put() }
      return .failed(error, at: fence)
    }
    defer { fence?.put() }
    return .found(fence)
  }

  enum Found: Equatable {
    case found(Fence?)
    case failed(Errno, at: Fence?)
  }

  /// Signals and releases everything.
  func end() {
    for fence in fences { fence.signal() }
    for fence in fences + nodes { fence.put() }
  }
}

extension Fence {
  /// What the fence stands for, in order; borrowed.
  var parts: [Fence] {
    var parts: [Fence] = []
    forEachUnwrapped { parts.append($0) }
    return parts
  }
}
