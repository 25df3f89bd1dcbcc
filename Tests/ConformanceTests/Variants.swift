import Fences

extension Variant {
  /// Every variant of every point.
  static let all = [Variant("upstream", .upstream)] + debated.filter { $0.policy != .upstream }

  /// Those that do something else than upstream in a row with two actors; the null test, which
  /// fails wherever somebody gives a lock back, left out.
  static let explored = all.filter { variant in
    let names = [
      "upstream", "underTheLock", "afterCallbacks", "hazardPointer",
      "externalCounted", "modulePinned",
    ]
    return names.contains(variant.name)
  }

  private static let debated =
    SignaledBitPolicy.allCases.map { Variant("\($0)", FencePolicy(signaledBit: $0)) }
    + LockPlacementPolicy.allCases.map(Self.with)
    + OperationsLifetimePolicy.allCases.map(Self.with)
    + NameGuardPolicy.allCases.map { Variant("\($0)", FencePolicy(nameGuard: $0)) }
    + ErrorHandoverPolicy.allCases.map { Variant("\($0)", FencePolicy(errorHandover: $0)) }

  private init(_ name: String, _ policy: FencePolicy) {
    self.init(name: name, policy: policy)
  }

  private static func with(_ point: LockPlacementPolicy) -> Variant {
    var variant = Variant("\(point)", FencePolicy(lockPlacement: point))
    guard point == .nullTest else { return variant }
    let passing = ["test_add_callback", "test_rm_callback", "test_late_rm_callback", "test_stub"]
    variant.brokenRows = Row.all.map(\.name).filter { name in
      !passing.contains { name == "dma-buf-fence: \($0)" }
    }
    variant.reason = "Whoever gives the lock back looks at its bytes, and finds it held."
    return variant
  }

  private static func with(_ point: OperationsLifetimePolicy) -> Variant {
    var variant = Variant("\(point)", FencePolicy(operationsLifetime: point))
    if point == .nakedPointer || point == .modulePinned {
      variant.brokenRows = ["dma-buf-fence: test_signaling"]
      variant.reason = "The row wants a signaled fence to have lost its driver's name."
    }
    return variant
  }
}
