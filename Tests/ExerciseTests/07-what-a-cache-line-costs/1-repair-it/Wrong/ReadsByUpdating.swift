// expects: too costly, rule=too-costly/updates, misconception=an-update-is-an-update
// An update that adds nothing takes the line all the same.

import ExerciseKit

/// What fills a line up behind one word.
public struct Gap: ~Copyable {
  let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)

  /// Nothing.
  public init() {}
}

/// What the CPUs share: three lines, each with one writer at most.
public struct Desk: ~Copyable {
  /// 1 once the work is done; the device writes it once.
  public let isDone = Word<UInt64>(0)
  /// Keeps the next word on another line.
  public let gap0 = Gap()
  /// Looks of CPU 0.
  public let looks0 = Word<UInt64>(0)
  /// Keeps the next word on another line.
  public let gap1 = Gap()
  /// Looks of CPU 1.
  public let looks1 = Word<UInt64>(0)

  /// A desk whose work is not done.
  public init() {}
}

/// Looks once, and counts the look.
public func look(at desk: Object<Desk>, cpu: Int) -> Bool {
  if cpu == 0 {
    _ = desk.record.looks0.fetchAdd(1, .relaxed)
  } else {
    _ = desk.record.looks1.fetchAdd(1, .relaxed)
  }
  return desk.record.isDone.fetchAdd(0, .relaxed) == 1
}

/// All looks so far, asked when nobody looks.
public func lookCount(of desk: Object<Desk>) -> UInt64 {
  desk.record.looks0.load(.relaxed) + desk.record.looks1.load(.relaxed)
}
