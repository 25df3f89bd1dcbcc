public import Kernel
internal import Machine

extension Fence {
  /// What became of a fence.
  @frozen public enum Status: Hashable, Sendable {
    /// Not signaled.
    case pending
    /// Signaled without an error.
    case done
    /// Signaled with an error.
    case failed(Errno)

    /// What the kernel returns: 0, 1, or the negative error number.
    public var kernelValue: Int32 {
      switch self {
      case .pending: 0
      case .done: 1
      case .failed(let error): error.kernelValue
      }
    }
  }

  /// Says what went wrong, before signaling (`dma_fence_set_error`).
  ///
  /// Warns on a signaled fence and on a number that is no error, and stores it in both cases.
  ///
  /// - Ordering: None by itself; signaling publishes it.
  public func setError(_ error: Errno) { storeError(error) }

  /// The error, or nil.
  ///
  /// Stable once the fence is signaled; before that only the signaler may ask.
  public var error: Errno? {
    let value = storage.record.error.value
    return value == 0 ? FenceArray(self)?.firstError : Errno(kernelValue: value)
  }

  /// What became of the fence, under its lock (`dma_fence_get_status`).
  ///
  /// Asks the driver, and may signal.
  public func status() -> Status {
    lockIRQSave()
    defer { unlockIRQRestore() }
    return statusHoldingLock()
  }

  /// Like ``status()`` with the lock held by the caller (`dma_fence_get_status_locked`).
  public func statusLocked() -> Status {
    assertHeld()
    return statusHoldingLock()
  }

  private func statusHoldingLock() -> Status {
    guard isSignaledHoldingLock() else { return .pending }
    return error.map { .failed($0) } ?? .done
  }
}
