// expects: data race, rule=data-race, misconception=nil-stops-readers
// Trusts the others to keep the fences.

import ExerciseKit

/// What a timeline's name is made of.
public struct Ring: ~Copyable {
  /// A plain field, which the driver's functions read.
  public let number = Cell<UInt32>(0)

  /// Ring 0.
  public init() {}
}

/// What a driver has while its module is loaded.
public struct Driver: Sendable {
  /// The functions that both fences call until they are signaled.
  public let table: Object<FenceOperations>
  /// Read by one of these functions.
  public let ring: Object<Ring>
  /// Each with a reference that is the driver's.
  public let fences: [Fence]

  /// A driver that is loaded.
  public init(table: Object<FenceOperations>, ring: Object<Ring>, fences: [Fence]) {
    self.table = table
    self.ring = ring
    self.fences = fences
  }
}

/// Signals what is pending, and frees what the module has.
public func unload(_ driver: Driver) {
  for fence in driver.fences { fence.put() }
  for fence in driver.fences { fence.signal() }
  RCU.synchronize()
  Machine.free(driver.ring)
  Machine.free(driver.table)
}
