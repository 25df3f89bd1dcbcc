public import Kernel
internal import Machine

/// How an error gets from the signaler into the fence.
@frozen public enum ErrorHandoverPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: a call of its own before signaling (`dma_fence_set_error`).
  case separateCall
  /// With the signal, under the lock: the error is an argument that nobody can leave out.
  case mandatoryArgument
  /// A call of its own, then signaling says whether somebody else was first
  /// (`dma_fence_check_and_signal`).
  case checkAndSignal
}

extension Fence {
  /// Says how the work ended, and signals: the `dma_fence_signal(f, err)` that was asked for.
  ///
  /// What happens to an error that comes too late is a policy point, ``ErrorHandoverPolicy``.
  ///
  /// - Parameter error: What went wrong, or nil.
  /// - Returns: Whether somebody else had signaled the fence, as far as the design can tell.
  @discardableResult
  public func signal(error: Errno?) -> Bool {
    switch FencePolicy.current.errorHandover {
    case .separateCall: signalAfterSetting(error)
    case .mandatoryArgument: signalTogether(with: error)
    case .checkAndSignal: checkAfterSetting(error)
    }
  }

  /// The test keeps most late errors away; one that is overtaken behind it is late all the same.
  private func signalAfterSetting(_ error: Errno?) -> Bool {
    if testSignaledFlag() { return true }
    if let error { setError(error) }
    signal()
    return false
  }

  private func signalTogether(with error: Errno?) -> Bool {
    let wasSignaled = withLock {
      // relaxed: the lock orders.
      if storage.record.flags.test(.signaled, .relaxed) { return true }
      if let error { storeError(error) }
      return signalHoldingLock(at: Machine.clock())
    }
    waitAfterSignaling()
    return wasSignaled
  }

  /// The caller learns that it was late, when its error is in the fence already.
  private func checkAfterSetting(_ error: Errno?) -> Bool {
    if testSignaledFlag() { return true }
    if let error { setError(error) }
    return checkAndSignal()
  }

  /// Stores the error without a lock: signaling, under the lock, makes it visible.
  func storeError(_ error: Errno) {
    // relaxed: only a warning depends on it.
    let late = storage.record.flags.test(.signaled, .relaxed)
    Kernel.warn(unless: !late, "an error was set on a fence that is already signaled")
    let isError = error.code > 0 && error.code <= Errno.codeMax
    Kernel.warn(unless: isError, "\(error.kernelValue) is no error number")
    storage.record.error.value = error.kernelValue
  }
}
