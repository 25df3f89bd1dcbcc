internal import Kernel
public import Machine

/// One fence for many: it is signaled when all of its fences are, or when any is.
///
/// The kernel's `struct dma_fence_array`. The handle is trivial; ``fence`` is what waiters get.
///
/// The array's lock is taken before its children's, to enable signaling. A child's callback runs
/// with the child's lock held, so it may not take the array's: it leaves the signal to an interrupt
/// work. For the same reason the lock has a class of its own, `FenceArray`, and no child may be a
/// container.
///
/// Ordering guarantees. None beyond those of ``Fence``; what the children's signalers wrote is
/// visible to whoever waited for an array whose signaling was enabled.
public struct FenceArray: MachineReference, Equatable {
  /// When an array is over.
  public enum Completion: Sendable {
    /// When every child is signaled.
    case all
    /// When the first child is; upstream took this away in 2026.
    case any
  }

  let storage: Object<FenceArrayStorage>

  /// The array that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// The array that this fence is; nil for another fence (`to_dma_fence_array`).
  public init?(_ fence: Fence) {
    guard fence.usesOperations(Self.operations) else { return nil }
    self.init(machineAddress: fence.machineAddress)
  }

  /// Where the array lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// The array as a fence.
  public var fence: Fence { Fence(machineAddress: machineAddress) }

  /// Collects fences (`dma_fence_array_create`).
  ///
  /// The array takes over one reference to each fence; where there is no memory the caller keeps
  /// them. It warns about no fences at all, and about an array or a chain among them: how deep
  /// containers lie in each other must not depend on who gives fences away.
  ///
  /// - Parameters:
  ///   - fences: At least one, none of them an array or a chain; see ``Fence/merge(_:)``.
  ///   - context: The timeline of the array itself.
  ///   - seqno: The place on it.
  ///   - completion: How many must be signaled.
  /// - Returns: nil without memory.
  public static func make(
    _ fences: [Fence], context: UInt64, seqno: UInt64, completion: Completion = .all
  ) -> FenceArray? {
    Kernel.warn(unless: !fences.isEmpty, "a fence array was made of no fences at all")
    for fence in fences {
      Kernel.warn(
        unless: !fence.isContainer, "an array or a chain was put into a fence array; unwrap it")
    }
    let pending = completion == .all ? fences.count : min(1, fences.count)
    guard let storage = Machine.tryAllocate(FenceArrayStorage(pending: pending))
    else { return nil }
    let array = FenceArray(machineAddress: storage.machineAddress)
    for fence in fences.reversed() where !array.prepend(fence) {
      array.freeChildren { _ in }
      Machine.free(storage)
      return nil
    }
    array.fence.initialise(operations: operations, context: context, seqno: seqno)
    array.fence.setLockClass("FenceArray")
    return array
  }

  /// What a fence stands for, one level down: an array's children, any other fence itself
  /// (`dma_fence_array_first`, `dma_fence_array_next`); borrowed.
  public static func children(of fence: Fence) -> [Fence] {
    FenceArray(fence)?.children ?? [fence]
  }

  /// The children, in the order in which they were given; borrowed from the array.
  public var children: [Fence] {
    var found: [Fence] = []
    forEachChild { found.append($0.record.fence) }
    return found
  }

  /// Whether every child belongs to this timeline; see ``Fence/isOf(context:)``.
  public func isOf(context: UInt64) -> Bool { children.allSatisfy { $0.context == context } }

  // MARK: - The list of children

  private func prepend(_ fence: Fence) -> Bool {
    let child = FenceArrayChild(fence, of: self, next: storage.record.firstChild.value)
    guard let record = Machine.tryAllocate(child) else { return false }
    storage.record.firstChild.value = record.machineAddress
    return true
  }

  func forEachChild(_ body: (Object<FenceArrayChild>) -> Void) {
    var next = storage.record.firstChild.value
    while next != 0 {
      let child = Object<FenceArrayChild>(machineAddress: next)
      next = child.record.next.value
      body(child)
    }
  }

  /// Frees the children's records, after `body` had each child's fence.
  func freeChildren(_ body: (Fence) -> Void) {
    forEachChild { child in
      body(child.record.fence)
      Machine.free(child)
    }
  }
}
