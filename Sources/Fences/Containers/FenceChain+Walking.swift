public import Kernel
internal import Machine

extension FenceChain {
  /// What a fence stands for by itself: a node's own fence, any other fence
  /// (`dma_fence_chain_contained`).
  public static func contained(in fence: Fence) -> Fence { FenceChain(fence)?.contained ?? fence }

  /// Steps to the next older fence, and unlinks what is signaled on the way
  /// (`dma_fence_chain_walk`).
  ///
  /// - Parameter fence: Its reference is given back.
  /// - Returns: The next older fence with a reference; nil at the end.
  /// - Complexity: O(nodes unlinked).
  public static func walk(_ fence: Fence) -> Fence? {
    defer { fence.put() }
    guard let chain = FenceChain(fence) else { return nil }
    while let previous = chain.previous() {
      guard contained(in: previous).isSignaled() else { return previous }
      let replacement = FenceChain(previous)?.previous()
      // full[rcu.publish] → dependency in RCU.dereference(_:). Of two walkers one unlinks the
      // node; the one that takes its place is complete.
      let found = chain.storage.record.previous.compareExchange(
        previous, with: replacement, .full, edge: "rcu.publish")
      // The list's reference goes with the node; the loser's replacement is not needed.
      if found == previous { previous.put() } else { replacement?.put() }
      previous.put()
    }
    return nil
  }

  /// Visits a fence and all older ones, newest first (`dma_fence_chain_for_each`).
  ///
  /// - Parameter body: Gets each fence, borrowed; returns false to stop.
  /// - Returns: The fence at which `body` stopped, with a reference; nil after the last.
  public static func walk(from head: Fence, while body: (Fence) -> Bool) -> Fence? {
    var next: Fence? = head.get()
    while let fence = next {
      if !body(fence) { return fence }
      next = walk(fence)
    }
    return nil
  }

  /// Moves to the oldest node that covers a point (`dma_fence_chain_find_seqno`).
  ///
  /// Point 0 changes nothing. Where everything that the point stands for is signaled and collected
  /// the fence becomes nil.
  ///
  /// - Parameter fence: The newest node. Its reference goes on to the one found.
  /// - Throws: `invalidArgument` where the fence is no chain or the point is not there yet; then
  ///   nothing changed.
  public static func find(seqno: UInt64, from fence: inout Fence?) throws(Errno) {
    if seqno == 0 { return }
    guard let head = fence, FenceChain(head) != nil, head.seqno >= seqno else {
      throw .invalidArgument
    }
    fence = walk(from: head) { node in
      guard node.context == head.context, let chain = FenceChain(node) else { return false }
      return chain.previousSeqno >= seqno
    }
    head.put()
  }

  /// The older fence, with a reference (`dma_fence_chain_get_prev`).
  func previous() -> Fence? {
    RCU.withReadLock { Fence.get(from: storage.record.previous) }
  }
}
