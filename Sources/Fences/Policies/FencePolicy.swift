/// Which of the debated designs the fences of this process follow.
///
/// Fixed at start-up. Each point is a file beside this one, with its variants side by side.
public struct FencePolicy: Sendable, Equatable {
  /// How `isSignaled` reads the signaled bit.
  public var signaledBit: SignaledBitPolicy
  /// Where a fence's lock lives.
  public var lockPlacement: LockPlacementPolicy
  /// How long a fence keeps its driver's operations.
  public var operationsLifetime: OperationsLifetimePolicy
  /// What decides whether a name is asked of the driver.
  public var nameGuard: NameGuardPolicy
  /// How an error gets from the signaler into the fence.
  public var errorHandover: ErrorHandoverPolicy

  /// A combination; upstream's unless said otherwise.
  @inlinable public init(
    signaledBit: SignaledBitPolicy = .lockless,
    lockPlacement: LockPlacementPolicy = .inlineOrExternal,
    operationsLifetime: OperationsLifetimePolicy = .detachOnSignal,
    nameGuard: NameGuardPolicy = .operationsPointer,
    errorHandover: ErrorHandoverPolicy = .separateCall
  ) {
    self.signaledBit = signaledBit
    self.lockPlacement = lockPlacement
    self.operationsLifetime = operationsLifetime
    self.nameGuard = nameGuard
    self.errorHandover = errorHandover
  }

  /// What the kernel does.
  @inlinable public static var upstream: FencePolicy { FencePolicy() }

  #if Bare
    /// The policy of this process: upstream's, as a constant.
    @inlinable @inline(__always) public static var current: FencePolicy { upstream }
  #else
    /// The policy of this process.
    @inlinable @inline(__always) public static var current: FencePolicy { unsafe chosen }

    // Safety: written by `with(_:_:)` only, which no other thread of the process may overlap.
    @usableFromInline nonisolated(unsafe) static var chosen = FencePolicy()
  #endif

  /// Runs `body` with the fences following `policy`.
  ///
  /// - Precondition: No other thread uses fences meanwhile. In `Bare` builds only upstream's
  ///   policy exists.
  public static func with<Result>(_ policy: FencePolicy, _ body: () throws -> Result) rethrows
    -> Result
  {
    #if Bare
      precondition(policy == upstream, "a bare build has upstream's policy only")
      return try body()
    #else
      let outer = unsafe chosen
      unsafe chosen = policy
      defer { unsafe chosen = outer }
      return try body()
    #endif
  }
}
