// expects: use after free, rule=use-after-free, misconception=held-is-kept
// # Order it
//
// A driver lends the lock of its channel to its fences. Each of them keeps the channel: the fence
// counts as an owner of it, and gives its part back when its last reference is gone. Now the last
// job is over, and the driver wants to be rid of its channel.
//
// Below stand the five lines that it takes, in the wrong order. Put them into an order that works,
// whoever else still has the fence. No line is missing, and none is needless. `signalLocked()`
// signals a fence whose lock the caller holds. See
// [count the channel](../../../Lessons/04-whose-lock/lesson.md#count-the-channel).

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
  // Change the order below this line …
  channel.record.lock.lockIRQSave()
  fence.put()
  Channel.giveBack(channel)
  fence.signalLocked()
  channel.record.lock.unlockIRQRestore()
  // … and above this line.
}
