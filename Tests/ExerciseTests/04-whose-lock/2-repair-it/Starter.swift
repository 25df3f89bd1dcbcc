// expects: use after free, rule=use-after-free, misconception=signaled-needs-no-lock
// # Repair it
//
// A driver made its fences as all drivers once did: each borrows the lock of its channel. Then a
// fence was exported, and an importer looked at it after the driver had closed the channel.
//
// Convert the driver: its fences get a lock of their own. What the channel keeps is still the
// driver's, and still needs the channel's lock. Mind three things.
//
// - An importer may keep a fence for as long as it likes, and may ask it after `close`.
// - A callback of an importer may call `finishedCount`, which takes the channel's lock.
// - Whoever finds a fence signaled finds its job counted.
//
// Nobody calls `submit`, `handleInterrupt` or a callback's `finishedCount` once `close` has
// returned, and never is there more than one job at a time. See
// [what comes along](../../../Lessons/04-whose-lock/lesson.md#what-the-shared-lock-gave).

import ExerciseKit

/// What the driver keeps for one line of work.
public struct Channel: ~Copyable {
  /// Guards what stands below, and is lent to the fences.
  let lock = SpinLock()
  // Guarded by lock: the fence of the job that the device works on, with a reference.
  let pending = Cell<Fence?>(nil)
  // Guarded by lock: how many jobs were begun, and how many are over.
  let begun = Cell<UInt64>(0)
  let finished = Cell<UInt64>(0)

  /// A channel without a job.
  public init() {}

  static let lock = FieldOffset<Channel, SpinLock> { $0.lock.address }
}

let names = Machine.permanent(
  FenceOperations(driverName: { _ in "lab" }, timelineName: { _ in "ring 0" }))

// Change the code below this line …

/// Starts a job, and returns its fence with a reference for the caller.
public func submit(_ channel: Object<Channel>) -> Fence {
  channel.record.lock.lockIRQSave()
  defer { channel.record.lock.unlockIRQRestore() }
  channel.record.begun.value += 1
  let fence = Fence.make(
    operations: names, lock: Channel.lock.field(of: channel), context: 7,
    seqno: channel.record.begun.value)
  // The channel gets a reference of its own.
  channel.record.pending.value = fence.get()
  return fence
}

/// Called by the device's interrupt: the job is over, if there is one.
public func handleInterrupt(_ channel: Object<Channel>) {
  channel.record.lock.lockIRQSave()
  if let fence = channel.record.pending.value {
    channel.record.pending.value = nil
    channel.record.finished.value += 1
    fence.signalLocked()
    fence.put()
  }
  channel.record.lock.unlockIRQRestore()
}

/// How many jobs are over.
public func finishedCount(_ channel: Object<Channel>) -> UInt64 {
  channel.record.lock.withLockIRQSave { channel.record.finished.value }
}

/// Gives up the job that is left, if there is one, and frees the channel.
public func close(_ channel: Object<Channel>) {
  channel.record.lock.lockIRQSave()
  if let fence = channel.record.pending.value {
    channel.record.pending.value = nil
    channel.record.finished.value += 1
    fence.setError(.noDevice)
    fence.signalLocked()
    fence.put()
  }
  channel.record.lock.unlockIRQRestore()
  Machine.free(channel)
}

// … and above this line.
