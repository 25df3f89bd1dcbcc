internal import Kernel
internal import Machine

/// How an error gets from the signaler into the fence.
@frozen public enum ErrorHandoverPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream: a call of its own before signaling (`dma_fence_set_error`).
  case separateCall
}

extension Fence {
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
