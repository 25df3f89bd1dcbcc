package import Machine

extension Fence {
  /// Whether the fence stands for others: an array or a chain (`dma_fence_is_container`).
  public var isContainer: Bool { FenceArray(self) != nil || FenceChain(self) != nil }

  /// Whether the fence has this table now.
  ///
  /// It tells containers from others for ever, because a container's table is never detached.
  package func usesOperations(_ table: Object<FenceOperations>) -> Bool {
    // relaxed: only compared; a container's table was set before publication.
    storage.record.operations.load(.relaxed)?.machineAddress == table.machineAddress
  }
}
