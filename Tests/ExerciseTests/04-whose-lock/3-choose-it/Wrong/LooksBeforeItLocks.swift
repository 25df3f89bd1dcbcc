// expects: data race, rule=data-race, misconception=the-lock-comes-along
// Saves the lock where nobody seems to wait.

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
  guard channel.record.first.value != nil else { return }
  var over: [Fence] = []
  channel.record.lock.lockIRQSave()
  while let fence = takeCompleted(channel) { over.append(fence) }
  channel.record.lock.unlockIRQRestore()
  for fence in over {
    fence.signal()
    fence.put()
  }
}
