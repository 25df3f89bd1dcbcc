package import Machine

extension Fence {
  /// Whether the fence stands for others: an array or a chain (`dma_fence_is_container`).
  public var isContainer: Bool { FenceArray(self) != nil || FenceChain(self) != nil }

  /// Whether the fence, or of an array every child, belongs to this timeline
  /// (`dma_fence_match_context`).
  public func isOf(context: UInt64) -> Bool {
    FenceArray(self)?.isOf(context: context) ?? (self.context == context)
  }

  /// Whether the fence has this table now.
  ///
  /// It tells containers from others for ever, because a container's table is never detached.
  package func usesOperations(_ table: Object<FenceOperations>) -> Bool {
    // relaxed: only compared; a container's table was set before publication.
    storage.record.operations.load(.relaxed)?.machineAddress == table.machineAddress
  }
}
