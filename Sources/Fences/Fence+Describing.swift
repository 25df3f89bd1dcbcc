internal import Kernel
internal import Machine

extension Fence {
  /// Context, sequence number, names and state in one line (`dma_fence_describe`).
  ///
  /// Asks the driver whether the work is over, and can signal the fence. A signaled fence has no
  /// names here.
  public func describe() -> String {
    let isOver = isSignaled()
    let names = isOver ? " " : "\(timelineName) \(driverName)"
    return "\(context):\(seqno) \(names) \(isOver ? "" : "un")signalled"
  }
}
