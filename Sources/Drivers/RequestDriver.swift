public import Fences
import Kernel
import Machine

/// An engine whose requests are used again at once: as in i915.
///
/// What it shows: the driver publishes the request that is running. Its memory may be another
/// request's by the time a reader looks, so a reader takes a reference first and then looks again
/// whether the word still names that request.
public struct RequestDriver: Sendable {
  /// What a lesson can break.
  package enum Mistake: Sendable {
    case none
    /// Takes a reference and believes that it is to what was published.
    case trustsTheAddress
  }

  struct State: ~Copyable {
    /// What runs now; an unlocked reader may look in a read section.
    let running = Word<Fence?>(nil)
  }

  private let state: Object<State>
  private let pool: RequestPool
  private let mistake: Mistake

  /// Brings an engine up.
  public static func open() -> RequestDriver { open(.none) }

  package static func open(_ mistake: Mistake) -> RequestDriver {
    RequestDriver(state: Machine.allocate(State()), pool: .make(), mistake: mistake)
  }

  /// A request that nobody else can see yet, with one reference; nil without memory.
  ///
  /// The one that was given back last is used first.
  public func request(seqno: UInt64) -> Fence? {
    pool.request(context: 1, seqno: seqno, mayBlock: false)
  }

  /// Publishes a request as the one that runs.
  public func begin(_ request: Fence) { RCU.assign(request, to: state.record.running) }

  /// The running request is over: signals it and gives its reference back.
  public func retire() {
    guard let request = RCU.dereference(state.record.running) else { return }
    RCU.assign(nil, to: state.record.running)
    request.signal()
    request.put()
  }

  /// The request that runs, with a reference for the caller, or nil.
  public func runningRequest() -> Fence? {
    RCU.withReadLock {
      switch mistake {
      case .none: Fence.get(from: state.record.running)
      case .trustsTheAddress: RCU.dereference(state.record.running)?.getUnlessZero()
      }
    }
  }

  /// Takes the engine down, whose requests were all given back.
  public func close() {
    pool.destroy()
    Machine.free(state)
  }
}
