// # Repair it
//
// Two CPUs look at one desk again and again: is the work done? Each look is also counted, one
// counter for each CPU, so that nobody has to share a counter. Every look still misses, because
// the counters share a line with each other and with the flag that everybody reads.
//
// Change the desk, or how a look counts, so that a look that has been made before finds all it
// needs in the CPU's own cache. Every look must still be counted, and the flag must still be read.
// The desk begins at a line's beginning, and a line has 64 bytes: eight words.
//
// The checks write `isDone` themselves, so it stays a `Word` of the desk. The report names a word
// by its place: byte 8 is where the second word begins.
//
// The checks run two CPUs and a device in every order, then measure eight looks in turn. See
// [neighbours](../../../Lessons/07-what-a-cache-line-costs/lesson.md#who-pays-for-a-neighbour).

import ExerciseKit

// Change the code below this line …
/// What the CPUs share.
public struct Desk: ~Copyable {
  /// 1 once the work is done; the device writes it once.
  public let isDone = Word<UInt64>(0)
  /// Looks of CPU 0.
  public let looks0 = Word<UInt64>(0)
  /// Looks of CPU 1.
  public let looks1 = Word<UInt64>(0)

  /// A desk whose work is not done.
  public init() {}
}

/// Looks once, and counts the look.
///
/// - Parameter cpu: The running CPU, 0 or 1; each has one thread that looks.
/// - Returns: Whether the work is done.
public func look(at desk: Object<Desk>, cpu: Int) -> Bool {
  if cpu == 0 {
    _ = desk.record.looks0.fetchAdd(1, .relaxed)
  } else {
    _ = desk.record.looks1.fetchAdd(1, .relaxed)
  }
  return desk.record.isDone.load(.relaxed) == 1
}

/// All looks so far, asked when nobody looks.
public func lookCount(of desk: Object<Desk>) -> UInt64 {
  desk.record.looks0.load(.relaxed) + desk.record.looks1.load(.relaxed)
}
// … and above this line.
