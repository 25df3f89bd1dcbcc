internal import Kernel
public import Machine

/// A node of a timeline that is a list: it is signaled when its own fence and all older nodes are.
///
/// The kernel's `struct dma_fence_chain`. The handle is trivial; ``fence`` is what waiters get, and
/// its sequence number is a *point*. Each node holds a reference to the next older one. Walking
/// collects garbage: nodes whose fences are signaled leave the list.
///
/// Errors of the contained fences do not reach the node.
public struct FenceChain: MachineReference, Equatable {
  let storage: Object<FenceChainStorage>

  /// The node that lives here.
  public init(machineAddress: UInt) { storage = Object(machineAddress: machineAddress) }

  /// The node that this fence is; nil for another fence (`to_dma_fence_chain`).
  public init?(_ fence: Fence) {
    guard fence.usesOperations(Self.operations) else { return nil }
    self.init(machineAddress: fence.machineAddress)
  }

  /// Where the node lives.
  public var machineAddress: UInt { storage.machineAddress }

  /// The node as a fence.
  public var fence: Fence { Fence(machineAddress: machineAddress) }

  // MARK: - Making nodes

  /// Memory for a node, ahead of its use, so that ``initialise(previous:fence:seqno:)`` cannot
  /// fail (`dma_fence_chain_alloc`).
  ///
  /// - Returns: nil without memory.
  public static func allocate() -> FenceChain? {
    Machine.tryAllocate(FenceChainStorage()).map {
      FenceChain(machineAddress: $0.machineAddress)
    }
  }

  /// Frees a node that was never initialised (`dma_fence_chain_free`).
  public func free() { Machine.free(storage) }

  /// Makes a node of memory that nobody else can see yet (`dma_fence_chain_init`).
  ///
  /// A point that is not later than the previous node's begins a new timeline, whose points are
  /// at least as high. It warns about a fence that is a chain: a chain continues through its
  /// previous node.
  ///
  /// - Parameters:
  ///   - previous: The node, or the fence, before this one. The reference is taken over.
  ///   - fence: What the node itself stands for. The reference is taken over.
  ///   - seqno: The point.
  public func initialise(previous: Fence?, fence contained: Fence, seqno: UInt64) {
    Kernel.warn(
      unless: FenceChain(contained) == nil,
      "a chain was put into a node of a chain; it continues through its previous node")
    RCU.assign(previous, to: storage.record.previous)
    storage.record.contained.value = contained
    storage.record.previousSeqno.value = 0
    var point = seqno
    var context: UInt64?
    if let previous, FenceChain(previous) != nil {
      if previous.isLater(seqno, than: previous.seqno) {
        context = previous.context
        storage.record.previousSeqno.value = previous.seqno
      } else {
        point = max(previous.seqno, seqno)
      }
    }
    fence.initialiseWide(
      operations: Self.operations, context: context ?? FenceContext.allocate(), seqno: point)
    fence.setLockClass("FenceChain")
  }

  /// A new node; see ``initialise(previous:fence:seqno:)``.
  ///
  /// - Returns: nil without memory; then the caller keeps its references.
  public static func make(previous: Fence?, fence: Fence, seqno: UInt64) -> FenceChain? {
    guard let chain = allocate() else { return nil }
    chain.initialise(previous: previous, fence: fence, seqno: seqno)
    return chain
  }

  // MARK: - What a node knows

  /// What the node itself stands for; borrowed from the node.
  public var contained: Fence {
    guard let fence = storage.record.contained.value else {
      preconditionFailure("a chain node was used before it was initialised")
    }
    return fence
  }

  /// The point before this one on its timeline; 0 for the first.
  public var previousSeqno: UInt64 { storage.record.previousSeqno.value }
}

/// What a node keeps.
struct FenceChainStorage: ~Copyable {
  // First, so that the fence's address is the node's.
  let fence = FenceStorage()
  // RCU: the older node or fence, with a reference; replaced by an older one still.
  let previous = Word<Fence?>(nil)
  // Written once before publication:
  let previousSeqno = Cell<UInt64>(0)
  let contained = Cell<Fence?>(nil)
  // On at most one fence of the list.
  let callback = FenceCallback()
  let work = IRQWork { FenceChain.goOn($0) }

  init() {}

  static let callback = FieldOffset<FenceChainStorage, FenceCallback> { $0.callback.address }
  static let work = FieldOffset<FenceChainStorage, IRQWork> { $0.work.address }
}
