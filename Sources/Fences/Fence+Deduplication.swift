extension Fence {
  /// Keeps the latest fence of each context (`dma_fence_dedup_array`).
  ///
  /// Sorts by context and gives back the references of the fences it drops.
  ///
  /// - Complexity: O(*n* log *n*).
  public static func removeDuplicates(from fences: inout [Fence]) {
    fences.sort { one, other in
      one.context == other.context
        ? one.isLater(one.seqno, than: other.seqno) : one.context < other.context
    }
    var kept: [Fence] = []
    kept.reserveCapacity(fences.count)
    for fence in fences {
      if kept.last?.context == fence.context { fence.put() } else { kept.append(fence) }
    }
    fences = kept
  }
}
