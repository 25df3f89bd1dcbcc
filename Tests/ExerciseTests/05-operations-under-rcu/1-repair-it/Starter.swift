// expects: use after free, rule=use-after-free, misconception=nil-stops-readers
// # Repair it
//
// A driver's module is to be unloaded. Two of its fences are not signaled yet, and other people
// hold references to both: they may ask for names at any moment, before, while and after this
// runs. The device's interrupt may still come and signal the older one. The name of a timeline is
// made of the driver's ring, so both the table and the ring go with the module.
//
// Repair `unload`. When it has returned, both fences must be signaled, the module's references
// given back, and table and ring freed or on their way. Nobody may use what is gone. The function
// runs in a task and may sleep. See
// [who owns what](../../../Lessons/05-operations-under-rcu/lesson.md#who-owns-what).

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
  // Change the code below this line …
  driver.fences[0].signal()
  RCU.synchronize()
  driver.fences[1].signal()
  Machine.free(driver.ring)
  Machine.free(driver.table)
  for fence in driver.fences { fence.put() }
  // … and above this line.
}
