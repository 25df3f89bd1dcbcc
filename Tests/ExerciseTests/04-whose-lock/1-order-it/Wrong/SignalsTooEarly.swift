// expects: expectation failed, rule=warning, misconception=the-lock-comes-along
// Signals before it takes the lock.

import ExerciseKit

/// What the driver keeps for its fences.
public struct Channel: ~Copyable {
  /// The lock of every fence of this channel.
  public let lock = SpinLock()
  /// The driver is an owner, and so is each fence that still has a reference.
  public let owners = ReferenceCount(1)

  /// A channel that the driver keeps.
  public init() {}

  /// Gives one part back; the last one frees the channel.
  public static func giveBack(_ channel: Object<Channel>) {
    if channel.record.owners.put() { Machine.free(channel) }
  }
}

/// Ends the last job of a channel, and lets go of the channel.
///
/// - Parameters:
///   - channel: With one part that is the driver's, and that this function gives back.
///   - fence: It borrows the channel's lock. One reference is the driver's, and this function
///     gives it back. The last reference gives the fence's part of the channel back.
public func close(_ channel: Object<Channel>, _ fence: Fence) {
  fence.signalLocked()
  channel.record.lock.lockIRQSave()
  channel.record.lock.unlockIRQRestore()
  fence.put()
  Channel.giveBack(channel)
}
