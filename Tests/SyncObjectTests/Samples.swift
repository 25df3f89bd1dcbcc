import Fences
import Kernel
import Machine
import SyncObjects
import Testing

/// Fences of a driver with the mandatory functions only.
enum Plain {
  static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "plain" }, timelineName: { _ in "line" }))

  static func fence(context: UInt64 = 7, seqno: UInt64 = 1) -> Fence {
    Fence.make(operations: operations, context: context, seqno: seqno)
  }
}

/// What a call throws, or nil.
func outcome(_ body: () throws(Errno) -> Void) -> Errno? {
  do throws(Errno) {
    try body()
    return nil
  } catch {
    return error
  }
}

extension SyncObject {
  /// Adds a point for a new pending fence and returns the fence with a reference.
  func submit(_ point: UInt64, context: UInt64 = 7) throws -> Fence {
    let fence = Plain.fence(context: context, seqno: point)
    addPoint(point, fence, in: try #require(FenceChain.allocate()))
    return fence
  }

  /// Waits for one point without any time.
  func ask(_ point: UInt64 = 0, _ flags: SyncObjectWaitFlags = []) -> Errno? {
    outcome { () throws(Errno) in
      _ = try SyncObject.wait(for: [(self, point)], flags, timeout: .zero)
    }
  }
}
