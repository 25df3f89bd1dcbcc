internal import Kernel
internal import Machine

/// A driver's record around a fence whose memory is used again without a grace period: what of
/// i915's `struct i915_request` has to do with fences.
public struct Request: ~Copyable {
  let storage = FenceStorage()
  // Written once before publication.
  let pool: Cell<Object<RequestPoolStorage>?> = Cell(nil)

  static let fence = FieldOffset<Request, FenceStorage> { $0.storage.address }
}

/// What a pool of requests knows.
struct RequestPoolStorage: ~Copyable {
  let slab: Slab<Request>
  /// One request that is kept for whoever must not fail; nil where it is out.
  let spare = Word<Object<Request>?>(nil)

  init(slab: Slab<Request>) { self.slab = slab }
}
