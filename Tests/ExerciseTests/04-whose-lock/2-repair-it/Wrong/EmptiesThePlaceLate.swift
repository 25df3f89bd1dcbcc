// expects: expectation failed, rule=expectation, misconception=signaled-is-last
// Makes room for the next job when everybody knows that this one is over.

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

/// Starts a job, and returns its fence with a reference for the caller.
public func submit(_ channel: Object<Channel>) -> Fence {
  channel.record.lock.lockIRQSave()
  defer { channel.record.lock.unlockIRQRestore() }
  channel.record.begun.value += 1
  let fence = Fence.make(operations: names, context: 7, seqno: channel.record.begun.value)
  // The channel gets a reference of its own.
  channel.record.pending.value = fence.get()
  return fence
}

/// Takes the fence out of the channel and counts its job, under the channel's lock.
func take(_ channel: Object<Channel>) -> Fence? {
  channel.record.lock.withLockIRQSave {
    guard let fence = channel.record.pending.value else { return nil }
    channel.record.pending.value = nil
    channel.record.finished.value += 1
    return fence
  }
}

/// Called by the device's interrupt: the job is over, if there is one.
public func handleInterrupt(_ channel: Object<Channel>) {
  let fence: Fence? = channel.record.lock.withLockIRQSave {
    guard let fence = channel.record.pending.value else { return nil }
    channel.record.finished.value += 1
    return fence
  }
  guard let fence else { return }
  fence.signal()
  channel.record.lock.withLockIRQSave { channel.record.pending.value = nil }
  fence.put()
}

/// How many jobs are over.
public func finishedCount(_ channel: Object<Channel>) -> UInt64 {
  channel.record.lock.withLockIRQSave { channel.record.finished.value }
}

/// Gives up the job that is left, if there is one, and frees the channel.
public func close(_ channel: Object<Channel>) {
  if let fence = take(channel) {
    fence.setError(.noDevice)
    fence.signal()
    fence.put()
  }
  Machine.free(channel)
}
