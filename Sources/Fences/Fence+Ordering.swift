internal import Kernel
internal import Machine

extension Fence {
  /// Whether sequence number `one` comes after `other` on this fence's timeline
  /// (`__dma_fence_is_later`).
  ///
  /// Numbers of 32 bits wrap, and may lie less than 2³¹ apart; wide ones do not wrap.
  public func isLater(_ one: UInt64, than other: UInt64) -> Bool {
    if hasWideSeqno { return one > other }
    let distance = UInt32(truncatingIfNeeded: one) &- UInt32(truncatingIfNeeded: other)
    return Int32(bitPattern: distance) > 0
  }

  /// Whether this fence comes after another one of its context (`dma_fence_is_later`).
  ///
  /// Warns and answers false where the contexts differ: nothing orders them.
  public func isLater(than other: Fence) -> Bool {
    guard isComparable(with: other) else { return false }
    return isLater(seqno, than: other.seqno)
  }

  /// Whether this fence is the other one or comes after it (`dma_fence_is_later_or_same`).
  public func isLaterOrSame(as other: Fence) -> Bool {
    self == other || isLater(than: other)
  }

  /// The later of two fences of one context, the other one where they are equal
  /// (`dma_fence_later`).
  ///
  /// Takes no reference.
  ///
  /// - Returns: nil if *that* fence is signaled, which is found out by asking its driver; also
  ///   nil, with a warning, where the contexts differ.
  public func later(of other: Fence) -> Fence? {
    guard isComparable(with: other) else { return nil }
    let later = isLater(seqno, than: other.seqno) ? self : other
    return later.isSignaled() ? nil : later
  }

  private func isComparable(with other: Fence) -> Bool {
    let isComparable = context == other.context
    Kernel.warn(unless: isComparable, "fences of different contexts were compared")
    return isComparable
  }
}
