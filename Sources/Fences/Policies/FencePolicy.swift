#if !Bare || Designs
  public import Machine
#endif

/// Which of the debated designs the fences of a thread follow.
///
/// Each point is a file beside this one, with its variants side by side. A policy holds for the
/// thread that chose it, the run it conducts, the kernel threads it starts and what it leaves them.
@frozen public struct FencePolicy: Sendable, Equatable {
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

  /// The policy of this thread; in `Bare` builds upstream's, as a constant, unless they are built
  /// to time the designs.
  @inlinable @inline(__always) public static var current: FencePolicy {
    #if Bare && !Designs
      return upstream
    #else
      return FencePolicy(bits: Machine.inheritedWord)
    #endif
  }

  /// Runs `body` with this thread's fences following `policy`.
  ///
  /// - Precondition: The fences that `body` uses are used under no other policy meanwhile. In
  ///   `Bare` builds without the trait `Designs` only upstream's policy exists.
  public static func with<Outcome>(_ policy: FencePolicy, _ body: () throws -> Outcome) rethrows
    -> Outcome
  {
    #if Bare && !Designs
      precondition(policy == upstream, "a bare build has upstream's policy only")
      return try body()
    #else
      let outer = Machine.inheritedWord
      Machine.inheritedWord = policy.bits
      defer { Machine.inheritedWord = outer }
      return try body()
    #endif
  }
}

// MARK: - As a word

extension FencePolicy {
  /// One byte for each point, upstream's variant being 0.
  var bits: UInt64 {
    let points = [
      signaledBit.rawValue, lockPlacement.rawValue, operationsLifetime.rawValue,
      nameGuard.rawValue, errorHandover.rawValue,
    ]
    return points.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  @inlinable @inline(__always)
  init(bits: UInt64) {
    func byte(_ number: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: bits >> (8 * number)) }
    self.init(
      signaledBit: SignaledBitPolicy(rawValue: byte(0)) ?? .lockless,
      lockPlacement: LockPlacementPolicy(rawValue: byte(1)) ?? .inlineOrExternal,
      operationsLifetime: OperationsLifetimePolicy(rawValue: byte(2)) ?? .detachOnSignal,
      nameGuard: NameGuardPolicy(rawValue: byte(3)) ?? .operationsPointer,
      errorHandover: ErrorHandoverPolicy(rawValue: byte(4)) ?? .separateCall)
  }
}
