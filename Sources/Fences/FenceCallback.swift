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
  @frozen @safe public struct Function: Sendable {
    /// What a callback keeps in its function word.
    @usableFromInline let word: UInt

    /// Makes a body that is never freed.
    public init(_ body: @escaping Body) { word = FenceCallbackBody.word(for: body) }
  }
}

/// Holds a body in memory, so that a callback can name it in one word.
@usableFromInline
final class FenceCallbackBody: Sendable {
  @usableFromInline let run: FenceCallback.Body

  init(_ run: @escaping FenceCallback.Body) { self.run = run }

  /// Makes a body that lives until `discard` is called with its word.
  static func word(for run: @escaping FenceCallback.Body) -> UInt {
    // Safety: the reference taken here is given back by `discard`, or never.
    unsafe UInt(bitPattern: Unmanaged.passRetained(FenceCallbackBody(run)).toOpaque())
  }
}

extension FenceCallback {
  /// Calls the body that a function word names.
  ///
  /// The callback's record may be gone afterwards, so the word was read before.
  @inlinable @inline(__always)
  static func run(_ function: UInt, _ fence: Fence, _ callback: Object<FenceCallback>) {
    // Safety: the word of a queued callback holds a reference to its body until it has run.
    guard let address = unsafe UnsafeRawPointer(bitPattern: function & ~1) else { return }
    unsafe Unmanaged<FenceCallbackBody>.fromOpaque(address)._withUnsafeGuaranteedRef { body in
      body.run(fence, callback)
    }
    if function & 1 != 0 { discard(function) }
  }

  /// Frees a body that was made for one use, which bit 0 of the word says.
  @usableFromInline @inline(never)
  static func discard(_ function: UInt) {
    // Safety: `FenceCallbackBody.word(for:)` took this reference for the one use that is over.
    guard function & 1 != 0, let address = unsafe UnsafeRawPointer(bitPattern: function & ~1)
    else { return }
    unsafe Unmanaged<FenceCallbackBody>.fromOpaque(address).release()
  }
}
