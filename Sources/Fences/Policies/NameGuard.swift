internal import Kernel
internal import Machine

/// What decides whether a name is asked of the driver.
@frozen public enum NameGuardPolicy: UInt8, Sendable, CaseIterable {
  /// Upstream since 035219a760ed: the operations pointer, as it was loaded.
  ///
  /// A fence that never lets its table go asks the driver even after it was signaled.
  case operationsPointer
  /// Before that commit: the signaled bit, after the pointer was loaded.
  ///
  /// Nothing orders the two loads, so a reader can see no bit and no table.
  case signaledFlag
}

extension Fence {
  /// A name from the driver's table, or the given one where the driver is detached.
  func name(
    detached: String, _ ask: (borrowing FenceOperations) -> String
  ) -> String {
    RCU.withReadLock {
      switch FencePolicy.current.nameGuard {
      case .operationsPointer: nameByPointer(detached: detached, ask)
      case .signaledFlag: nameByFlag(detached: detached, ask)
      }
    }
  }

  // snippet: by-pointer
  private func nameByPointer(
    detached: String, _ ask: (borrowing FenceOperations) -> String
  ) -> String {
    guard let table = RCU.dereference(storage.record.operations)
    else { return detached }
    _ = table.record.members.value
    return ask(table.record)
  }
  // end snippet

  // snippet: by-flag
  private func nameByFlag(
    detached: String, _ ask: (borrowing FenceOperations) -> String
  ) -> String {
    let table = RCU.dereference(storage.record.operations)
    // relaxed: as before the commit; that nothing orders it behind the
    // pointer is the flaw.
    if storage.record.flags.test(.signaled, .relaxed) { return detached }
    guard let table else {
      Kernel.warn("a name was asked of a null table: no bit was seen")
      return detached
    }
    _ = table.record.members.value
    return ask(table.record)
  }
  // end snippet
}
