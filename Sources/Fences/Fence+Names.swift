internal import Kernel
internal import Machine

extension Fence {
  /// The driver's name, or "detached-driver" (`dma_fence_driver_name`).
  ///
  /// Opens a read section of its own and returns a copy, so that no caller can keep what the
  /// driver may free.
  public var driverName: String {
    name(detached: "detached-driver") { $0.driverName(self) }
  }

  /// The timeline's name, or "signaled-timeline" (`dma_fence_timeline_name`).
  public var timelineName: String {
    name(detached: "signaled-timeline") { $0.timelineName(self) }
  }

  /// Whether the driver's operations are still attached.
  public var hasOperations: Bool {
    // relaxed: stale at once; nothing is read through the pointer.
    storage.record.operations.load(.relaxed) != nil
  }
}
