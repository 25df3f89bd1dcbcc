public import Machine

/// Memory that can run short, and is then taken back from whoever can spare some: as much of the
/// kernel's reclaim as it takes to deadlock with a fence.
///
/// The explorer tries every allocation that may reclaim with memory to spare and without.
public struct ReclaimableMemory: Sendable {
  private let shrink: @Sendable () -> Void

  /// What an allocation may do for memory.
  @frozen public enum Effort: Sendable {
    /// Anything, sleeping and shrinkers included; never fails (`GFP_KERNEL`).
    case reclaiming
    /// Nothing; may fail (`GFP_NOWAIT`, `GFP_ATOMIC`).
    case none
  }

  /// Memory with one shrinker (`register_shrinker`), which may wait for fences.
  public init(shrinker: @escaping @Sendable () -> Void) { shrink = shrinker }

  /// Memory for a record.
  ///
  /// - Returns: nil without memory, which only ``Effort/none`` comes to.
  public func allocate<Record: ~Copyable>(
    _ record: consuming Record, _ effort: Effort
  ) -> Object<Record>? {
    switch effort {
    case .none: return Machine.tryAllocate(record)
    case .reclaiming:
      Kernel.mightSleep()
      _ = Conductor.perform(.lockOrder(.mayReclaim))
      if Machine.choose(below: 2, "memory is short") == 1 {
        _ = Conductor.perform(.lockOrder(.reclaims(true)))
        shrink()
        _ = Conductor.perform(.lockOrder(.reclaims(false)))
      }
      return Machine.allocate(record)
    }
  }
}
