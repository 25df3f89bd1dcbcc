internal import Kernel
internal import Machine

/// What decides whether a name is asked of the driver.
@frozen public enum NameGuardPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream since 035219a760ed: the operations pointer, as it was loaded.
  case operationsPointer
}

extension Fence {
  /// A name from the driver's table, or the given one where the driver is detached.
  func name(
    detached: String, _ ask: (borrowing FenceOperations) -> String
  ) -> String {
    RCU.withReadLock {
      guard let table = RCU.dereference(storage.record.operations) else { return detached }
      _ = table.record.members.value
      return ask(table.record)
    }
  }
}
