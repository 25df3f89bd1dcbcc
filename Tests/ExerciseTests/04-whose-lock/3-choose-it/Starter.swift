// expects: too costly, rule=too-costly/updates, misconception=a-lock-for-each
// # Choose it
//
// When all fences of a driver shared one lock, its interrupt handler took this lock once and
// signaled whatever was over. Now each fence has a lock of its own. The handler below is correct:
// it takes the driver's lock for each fence anew, and signals with no lock in its hands.
//
// Choose the cheapest handler that is still correct. Correct means three things.
//
// - Whatever the device has completed is signaled when the handler returns, the oldest fence first.
// - A callback may call `waitingCount`, which takes the driver's lock.
// - The channel's cells are read and written under its lock only.
//
// Cost is counted on one fixed schedule: a handler on CPU 0 that finds three fences completed. It
// counts updates (read-modify-writes, of which taking a lock is one), barriers, and lines that had
// to come from elsewhere. Signaling a fence and giving its reference back takes four updates,
// whatever you do. The cheapest correct handler needs thirteen. See
// [what replaces it](../../../Lessons/04-whose-lock/lesson.md#what-the-shared-lock-gave).

import ExerciseKit

/// What the driver keeps for one line of work; room for three jobs.
public struct Channel: ~Copyable {
  let lock = SpinLock()
  // Guarded by lock: the fences that wait, each with a reference, the oldest first.
  let first = Cell<Fence?>(nil)
  let second = Cell<Fence?>(nil)
  let third = Cell<Fence?>(nil)
  // The device writes the seqno of the last job that is over.
  let completed = Word<UInt64>(0)

  /// A channel without jobs.
  public init() {}
}

/// Puts a fence behind those that wait, with a reference for the channel.
public func append(_ fence: Fence, to channel: Object<Channel>) {
  channel.record.lock.withLockIRQSave {
    if channel.record.first.value == nil {
      channel.record.first.value = fence
    } else if channel.record.second.value == nil {
      channel.record.second.value = fence
    } else {
      channel.record.third.value = fence
    }
  }
}

/// The device: every job up to this seqno is over.
public func complete(_ seqno: UInt64, on channel: Object<Channel>) {
  // relaxed: the number is all that is handed over.
  channel.record.completed.store(seqno, .relaxed)
}

/// How many fences wait.
public func waitingCount(_ channel: Object<Channel>) -> Int {
  channel.record.lock.withLockIRQSave {
    [channel.record.first.value, channel.record.second.value, channel.record.third.value]
      .count { $0 != nil }
  }
}

/// Takes the oldest fence that is completed, with the channel's reference; nil if there is none.
///
/// - Precondition: The caller holds the channel's lock.
func takeCompleted(_ channel: Object<Channel>) -> Fence? {
  guard let fence = channel.record.first.value,
    // relaxed: the number is all that is handed over.
    fence.seqno <= channel.record.completed.load(.relaxed)
  else { return nil }
  channel.record.first.value = channel.record.second.value
  channel.record.second.value = channel.record.third.value
  channel.record.third.value = nil
  return fence
}

/// Called by the device's interrupt: signals what is over.
public func handleInterrupt(_ channel: Object<Channel>) {
  // Change the code below this line …
  while true {
    channel.record.lock.lockIRQSave()
    let fence = takeCompleted(channel)
    channel.record.lock.unlockIRQRestore()
    guard let fence else { return }
    fence.signal()
    fence.put()
  }
  // … and above this line.
}
