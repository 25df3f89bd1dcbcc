public import Kernel
public import Machine

/// A record to embed in one's own: a place in a fence's list and what to do when it is signaled.
///
/// The kernel's `struct dma_fence_cb`, 24 bytes.
///
/// It is on one fence at a time. Its record must stay until the callback has run to its end or was
/// removed, and the fence must be referenced that long. The way back from a callback to its record
/// is `static let callback = FieldOffset<Job, FenceCallback> { $0.callback.address }`.
@frozen public struct FenceCallback: ~Copyable {
  // Guarded by the lock of the fence it is on. First, so that the node's address is the callback's.
  @usableFromInline let node: ListNode
  // Owned by whoever adds it, then by the signaler. The address of the body, plus 1 where the body
  // is freed after its use.
  @usableFromInline let function: Cell<UInt>

  /// A callback that is on no fence.
  @inlinable public init() {
    node = ListNode()
    function = Cell(0)
  }

  /// Where the callback lives.
  @inlinable @inline(__always) public var address: UInt { node.address }

  /// What runs, with the fence's lock held and interrupts off.
  ///
  /// It must not take that lock again.
  public typealias Body = @Sendable (Fence, Object<FenceCallback>) -> Void

  /// A body that lives as long as the process: what a driver keeps in a `static let`.
  @frozen public struct Function: Sendable {
    /// What a callback keeps in its function word.
    @usableFromInline let word: UInt

    /// Makes a body that is never freed.
    public init(_ body: @escaping Body) {
      word = Machine.permanent(FenceCallbackBody(run: body)).machineAddress
    }
  }
}

/// Holds a body in memory, so that a callback can name it in one word.
///
/// A record like any other: in explored runs its address is the same whenever a thread comes by
/// again, and a body that nobody frees is a leak.
@frozen @usableFromInline
struct FenceCallbackBody: ~Copyable {
  @usableFromInline let run: FenceCallback.Body

  init(run: @escaping FenceCallback.Body) { self.run = run }
}

extension FenceCallback {
  /// The function word of a body that is freed after its one use, which bit 0 says.
  static func word(forOneUseOf body: @escaping Body) -> UInt {
    Machine.allocate(FenceCallbackBody(run: body)).machineAddress | 1
  }

  /// Calls the body that a function word names.
  ///
  /// The callback's record may be gone afterwards, so the word was read before.
  @inlinable @inline(__always)
  static func run(_ function: UInt, _ fence: Fence, _ callback: Object<FenceCallback>) {
    Object<FenceCallbackBody>(machineAddress: function & ~1).record.run(fence, callback)
    if function & 1 != 0 { discard(function) }
  }

  /// Frees a body that was made for one use.
  @usableFromInline @inline(never)
  static func discard(_ function: UInt) {
    guard function & 1 != 0 else { return }
    Machine.free(Object<FenceCallbackBody>(machineAddress: function & ~1))
  }
}
