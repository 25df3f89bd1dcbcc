internal import Kernel
internal import Machine

extension FenceChain {
  static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "dma_fence_chain" }, timelineName: { _ in "unbound" },
      enableSignaling: { FenceChain(machineAddress: $0.machineAddress).enable() },
      isSignaled: { fence in
        let pending = walk(from: fence) { contained(in: $0).isSignaled() }
        pending?.put()
        return pending == nil
      },
      release: { FenceChain(machineAddress: $0.machineAddress).release() },
      setDeadline: { fence, deadline in
        _ = walk(from: fence) { node in
          contained(in: node).setDeadline(deadline)
          return true
        }
      }))

  // MARK: - Waiting for one fence at a time

  /// Adds the callback to the newest pending fence; false where none is pending.
  private func enable() -> Bool {
    fence.get()
    let pending = FenceChain.walk(from: fence) { node in
      let contained = FenceChain.contained(in: node)
      contained.get()
      do throws(Errno) {
        try contained.addCallback(
          FenceChainStorage.callback.field(of: storage), Self.fenceIsSignaled)
        return false
      } catch {
        contained.put()
        return true
      }
    }
    pending?.put()
    if pending == nil { fence.put() }
    return pending != nil
  }

  /// Runs with the contained fence's lock held, so the node's is out of reach.
  private static let fenceIsSignaled = FenceCallback.Function { fence, callback in
    FenceChainStorage.callback.record(around: callback).record.work.queue()
    fence.put()
  }

  /// Waits for the next pending fence, or signals the node; from an interrupt, with no lock held.
  static func goOn(_ work: Object<IRQWork>) {
    let record = FenceChainStorage.work.record(around: work)
    let chain = FenceChain(machineAddress: record.machineAddress)
    if !chain.enable() { chain.fence.signal() }
    chain.fence.put()
  }

  // MARK: - The end

  /// Gives everything back, node by node: recursion would need a stack as deep as the chain.
  private func release() {
    // relaxed: the last reference is gone, so nobody else changes the word.
    while let older = storage.record.previous.load(.relaxed), let node = FenceChain(older),
      older.referenceCount == 1
    {
      // acquire[reference.last] ← release in ReferenceCount.put(). The owners that left may have
      // unlinked nodes behind this one: read its word as they left it.
      Machine.barrier(.afterControl, edge: "reference.last")
      // relaxed: the only reference to the node is this list's.
      storage.record.previous.store(node.storage.record.previous.load(.relaxed), .relaxed)
      // relaxed: as above; the node's own release finds nothing older.
      node.storage.record.previous.store(nil, .relaxed)
      older.put()
    }
    // relaxed: as above.
    storage.record.previous.load(.relaxed)?.put()
    contained.put()
    RCU.free(storage)
  }
}
