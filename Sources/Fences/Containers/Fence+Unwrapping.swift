internal import Machine

extension Fence {
  /// Visits every fence that this one stands for: the fences of a chain's nodes, newest first, and
  /// of each array its children in order (`dma_fence_unwrap_for_each`).
  ///
  /// Walking collects the chain's garbage.
  ///
  /// - Parameter body: Gets each fence, borrowed until it returns.
  public func forEachUnwrapped(_ body: (Fence) -> Void) {
    _ = FenceChain.walk(from: self) { node in
      let contained = FenceChain.contained(in: node)
      if let array = FenceArray(contained) {
        array.forEachChild { body($0.record.fence) }
      } else {
        body(contained)
      }
      return true
    }
  }

  /// One fence for all pending fences that these stand for (`dma_fence_unwrap_merge`).
  ///
  /// Signaled fences are left out, and with them their errors. Of each context only the latest
  /// fence stays.
  ///
  /// - Parameter fences: Borrowed; containers are unwrapped.
  /// - Returns: A stub with the latest timestamp where none is pending, the fence itself where one
  ///   is, otherwise an array; always with a reference. nil without memory.
  /// - Complexity: O(*n* log *n*).
  public static func merge(_ fences: [Fence]) -> Fence? {
    var pending: [Fence] = []
    var latest: UInt64 = 0
    for fence in fences {
      fence.forEachUnwrapped { part in
        if part.isSignaled() {
          // Under the lock, which orders the timestamp: the signaler holds it until that is there.
          latest = max(latest, part.withLock { part.timestamp() })
        } else {
          pending.append(part.get())
        }
      }
    }
    if pending.isEmpty { return makeStub(timestamp: latest) }
    removeDuplicates(from: &pending)
    if pending.count == 1 { return pending[0] }
    if let array = FenceArray.make(pending, context: FenceContext.allocate(), seqno: 1) {
      return array.fence
    }
    for fence in pending { fence.put() }
    return nil
  }
}
