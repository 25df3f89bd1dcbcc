internal import Fences
public import Kernel

extension Reservation {
  /// Sleeps until every fence of this usage and the stronger ones is over, without the lock
  /// (`dma_resv_wait_timeout`).
  ///
  /// With timeout zero it only tests, but enables signaling up to the first fence that is not
  /// over.
  ///
  /// - Returns: The time that is left, more than zero, at least 1 where nothing was pending; zero
  ///   if it ran out.
  /// - Throws: `restartSystemCall` where a signal is pending, or what a driver's own wait returns.
  /// - Ordering: With a result above zero, sees everything written before each was signaled.
  @discardableResult public func wait(
    upTo usage: ReservationUsage, interruptible: Bool = false, timeout: Jiffies = .max
  ) throws(Errno) -> Jiffies {
    var left = timeout
    var result = timeout == .zero ? Jiffies(1) : timeout
    var cursor = ReservationCursor(self, upTo: usage)
    while let fence = cursor.next() {
      do throws(Errno) {
        result = try fence.wait(interruptible: interruptible, timeout: left)
      } catch {
        cursor.end()
        throw error
      }
      if result == .zero { break }
      // A wait without time returns 1, which is no time to wait with.
      if left != .zero { left = result }
    }
    cursor.end()
    return result
  }

  /// Whether every fence of this usage and the stronger ones is over, without the lock
  /// (`dma_resv_test_signaled`).
  ///
  /// It asks their drivers.
  public func isSignaled(upTo usage: ReservationUsage) -> Bool {
    var cursor = ReservationCursor(self, upTo: usage)
    let isSignaled = cursor.next() == nil
    cursor.end()
    return isSignaled
  }

  /// Tells the drivers of all pending fences by when they would be wanted
  /// (`dma_resv_set_deadline`).
  public func setDeadline(_ deadline: UInt64, upTo usage: ReservationUsage) {
    forEachFence(upTo: usage) { fence, _, _ in
      fence.setDeadline(deadline)
      return true
    }
  }

  /// A line for each fence but the bookkeeping ones (`dma_resv_describe`).
  ///
  /// - Precondition: The caller holds the lock.
  public func describe() -> String {
    var text = ""
    for (fence, usage) in lockedFences(upTo: .read) {
      text += "\t\(usage) fence:\(fence.describe())\n"
    }
    return text
  }
}
