internal import Kernel
internal import Machine

extension Fence {
  /// What is wrong with the fence at this moment, in words; empty for a sound one.
  ///
  /// It takes the lock, so it may not be called from a callback.
  package func invariantViolations() -> [String] {
    withLock {
      // relaxed: the lock orders.
      let isSignaled = storage.record.flags.test(.signaled, .relaxed)
      return violationsAlways() + (isSignaled ? violationsSignaled() : violationsUnsignaled())
    }
  }

  private func violationsAlways() -> [String] {
    var found: [String] = []
    if !has(.initialised) { found.append("the fence was never initialised") }
    if storage.record.error.value > 0 { found.append("the error is positive") }
    if Int32(bitPattern: referenceCount) <= 0 { found.append("the fence has no reference") }
    return found
  }

  private func violationsUnsignaled() -> [String] {
    var found: [String] = []
    if !hasOperations { found.append("an unsignaled fence lost its operations") }
    if has(.timestamp) { found.append("an unsignaled fence has a timestamp") }
    if !isListSound { found.append("the callback list is broken") }
    return found
  }

  /// With the lock held nobody is between the bit and the timestamp.
  private func violationsSignaled() -> [String] {
    has(.timestamp) ? [] : ["a signaled fence has no timestamp"]
  }

  /// Whether walking the list forwards ends at its head within a generous number of steps.
  private var isListSound: Bool {
    var next = storage.record.callbacks.first
    for _ in 0..<Limits.callbackCountMax {
      guard let node = next else { return true }
      next = storage.record.callbacks.next(after: node)
    }
    return false
  }
}
