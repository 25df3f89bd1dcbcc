internal import Kernel
internal import Machine

/// Numbers of timelines.
///
/// All fences of one context are ordered by their sequence numbers.
public enum FenceContext {
  /// The context of the stub fences.
  public static let stub: UInt64 = 0

  /// Takes numbers for new timelines (`dma_fence_context_alloc`).
  ///
  /// - Returns: The first of `count` numbers in a row.
  /// - Ordering: None: a number by itself says nothing about memory.
  public static func allocate(_ count: UInt64 = 1) -> UInt64 {
    Kernel.warn(unless: count > 0, "a driver asked for no fence context at all")
    // relaxed: only the numbers must differ.
    return next.record.fetchAdd(count, .relaxed)
  }

  private static let next = Machine.permanent(Word<UInt64>(1))
}
