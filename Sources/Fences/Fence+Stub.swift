internal import Kernel
internal import Machine

extension Fence {
  /// A reference to the one fence of the process that was always signaled (`dma_fence_get_stub`).
  ///
  /// Its timestamp is 0, the start of the machine's clock.
  ///
  /// Everybody shares it, so its reference count is a cache line that all CPUs write.
  public static func stub() -> Fence { Fence(stubStorage).get() }

  /// A fence of one's own that is signaled already (`dma_fence_allocate_private_stub`).
  ///
  /// - Returns: nil without memory.
  public static func makeStub(timestamp: UInt64) -> Fence? {
    guard let storage = Machine.tryAllocate(alignment: 64, FenceStorage()) else { return nil }
    let fence = Fence(storage)
    fence.initialise(operations: stubOperations, context: FenceContext.stub, seqno: 0)
    // relaxed: nobody else can see the fence yet.
    storage.record.flags.set(.signalingEnabled, .relaxed)
    fence.signal(at: timestamp)
    return fence
  }

  /// Made outside any run, as it stands after it was signaled: operations detached, time zero.
  private static let stubStorage = Machine.permanent(
    alignment: 64,
    FenceStorage(
      flags: [
        FenceFlag.initialised, .inlineLock, .signaled, .timestamp, .signalingEnabled,
      ].reduce(0) { $0 | 1 << $1.bitNumber },
      references: 1))

  private static let stubOperations = Machine.permanent(
    FenceOperations(driverName: { _ in "stub" }, timelineName: { _ in "stub" }))
}
