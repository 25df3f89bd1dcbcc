internal import Kernel
internal import Machine

/// Where an engine's requests come from and go to, as in i915: a type-safe slab, and one request
/// in reserve.
///
/// The last ``Fence/put()`` of a request gives its memory back at once, and the next request may be
/// made of it while a reader still holds its address. Readers without a reference must therefore
/// use ``Fence/get(from:)``, which looks again; ``Fence/getUnlessZero()`` alone can return another
/// request's fence.
public struct RequestPool: Sendable {
  private let storage: Object<RequestPoolStorage>

  /// An empty pool.
  public static func make() -> RequestPool {
    let slab = Slab<Request>.make(isTypeSafe: true) { Request() }
    return RequestPool(storage: Machine.allocate(RequestPoolStorage(slab: slab)))
  }

  /// A request's fence, with one reference (`__i915_request_create`).
  ///
  /// - Parameter mayBlock: Where the caller cannot wait for memory (power management), the reserve
  ///   is used first.
  /// - Returns: nil without memory.
  public func request(context: UInt64, seqno: UInt64, mayBlock: Bool = true) -> Fence? {
    guard let request = (mayBlock ? nil : takeSpare()) ?? storage.record.slab.allocate() else {
      return nil
    }
    request.record.pool.value = storage
    let fence = Fence(Request.fence.field(of: request))
    fence.initialise(operations: RequestPool.operations, context: context, seqno: seqno)
    return fence
  }

  /// Ends the pool, whose requests must all have been given back.
  public func destroy() {
    if let spare = takeSpare() { storage.record.slab.free(spare) }
    storage.record.slab.destroy()
    Machine.free(storage)
  }

  private func takeSpare() -> Object<Request>? {
    // full[request.spare] ↔ full in RequestPool.recycle(_:). Hands the request over.
    storage.record.spare.exchange(nil, .full, edge: "request.spare")
  }

  /// What becomes of a request's memory (`i915_fence_release`).
  private static func recycle(_ request: Object<Request>) {
    guard let pool = request.record.pool.value else { return }
    // full[request.spare] ↔ full in RequestPool.takeSpare(). Hands the request over.
    let spare = pool.record.spare.compareExchange(
      nil, with: request, .full, edge: "request.spare")
    if spare != nil { pool.record.slab.free(request) }
  }

  private static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "i915" },
      timelineName: { fence in fence.testSignaledFlag() ? "signaled" : "context \(fence.context)" },
      release: { fence in
        recycle(Request.fence.record(around: Object(machineAddress: fence.machineAddress)))
      }))
}
