internal import Kernel
internal import Machine

/// What one moment shows of a fence, to compare with what a later one shows.
///
/// The moment may lie anywhere, also inside somebody's critical section.
package struct FenceSnapshot: Equatable, Sendable {
  /// The bits of the flag word that the fence's own rules are about.
  package var flags: UInt64
  /// The address of the driver's table, or 0.
  package var operations: UInt
  package var context: UInt64
  package var seqno: UInt64
  package var error: Int32
  package var references: UInt32
  /// The address of the lock that the fence uses.
  package var lock: UInt
  package var isLockHeld: Bool
  /// False while somebody holds the lock, whose list may be half changed.
  package var hasCallbacks: Bool

  package var isSignaled: Bool { has(.signaled) }

  package func has(_ flag: FenceFlag) -> Bool { flags & 1 << flag.bitNumber != 0 }

  /// As it would look with a bit set.
  package mutating func set(_ flag: FenceFlag) { flags |= 1 << flag.bitNumber }

  /// As it would look with a bit cleared.
  package mutating func clear(_ flag: FenceFlag) { flags &= ~(1 << flag.bitNumber) }

  fileprivate static let known: [FenceFlag] = [
    .initialised, .inlineLock, .seqno64, .signaled, .timestamp, .signalingEnabled,
  ]
}

extension Fence {
  /// What the fence looks like now.
  ///
  /// It takes no lock, so that only who stops everybody else gets a picture of one moment.
  package func snapshot() -> FenceSnapshot {
    let record = storage
    var flags: UInt64 = 0
    for flag in FenceSnapshot.known where has(flag) { flags |= 1 << flag.bitNumber }
    let isHeld = lock.record.isHeld
    return FenceSnapshot(
      flags: flags,
      // relaxed: nobody moves meanwhile.
      operations: record.record.operations.load(.relaxed)?.machineAddress ?? 0,
      context: context, seqno: seqno, error: record.record.error.value,
      references: referenceCount, lock: lock.machineAddress, isLockHeld: isHeld,
      hasCallbacks: !isHeld && flags & 1 << FenceFlag.signaled.bitNumber == 0
        && !record.record.callbacks.isEmpty)
  }
}

extension FenceSnapshot {
  /// The rules of a fence's life that are broken here, by their numbers.
  ///
  /// They are those of ``FenceStorage`` as far as one fence shows them, and that nothing arms a
  /// fence again (10). What becomes of a callback (2) and whether a fence is signaled in the end
  /// (9) nobody sees in it.
  ///
  /// - Parameter earlier: What the fence looked like before; nil for a first look.
  package func violations(since earlier: FenceSnapshot?) -> [String] {
    var found: [String] = []
    if !isSignaled, operations == 0 { found.append("5: an unsignaled fence has no operations") }
    if hasCallbacks, references == 0 {
      found.append("8: a fence with callbacks lost its last reference")
    }
    guard let earlier else { return found }
    if earlier.isSignaled, !isSignaled { found.append("1: a signaled fence is unsignaled again") }
    if !earlier.isSignaled, isSignaled, !isLockHeld {
      found.append("3: a fence was signaled without its lock")
    }
    if earlier.isSignaled, error != earlier.error {
      found.append("4: the error changed after the signal")
    }
    if hasUnfoundedChangeOfOperations(since: earlier) {
      found.append("6: the operations changed otherwise than by signaling")
    }
    if hasOtherIdentity(than: earlier) { found.append("7: what never changes has changed") }
    if isArmedAgain(since: earlier) { found.append("10: a fence was armed again") }
    return found
  }

  private func hasUnfoundedChangeOfOperations(since earlier: FenceSnapshot) -> Bool {
    guard operations != earlier.operations else { return false }
    return operations != 0 || !isSignaled || !isLockHeld
  }

  private func hasOtherIdentity(than earlier: FenceSnapshot) -> Bool {
    context != earlier.context || seqno != earlier.seqno || lock != earlier.lock
      || has(.seqno64) != earlier.has(.seqno64)
  }

  /// Bits that are taken back, or a reference to what nobody owned any more.
  private func isArmedAgain(since earlier: FenceSnapshot) -> Bool {
    earlier.flags & ~flags != 0 || (earlier.references == 0 && references > 0)
  }
}
