internal import Kernel
internal import Machine

/// What is timed on our side: loop for loop what `userspace_rcu.h` declares.
enum ReadLoops {
  private typealias Place = Word<Object<Cell<UInt64>>?>

  private static let published = Machine.permanent(
    alignment: 64, Place(Machine.permanent(alignment: 64, Cell<UInt64>(1))))

  @inline(never)
  static func read(_ times: UInt64) -> UInt64 {
    let place = published
    var found: UInt64 = 0
    var turn: UInt64 = 0
    while turn < times {
      RCU.readLock()
      if let record = RCU.dereference(place.record) { found &+= record.record.value }
      RCU.readUnlock()
      turn &+= 1
    }
    return found
  }

  @inline(never)
  static func nested(_ times: UInt64) -> UInt64 {
    let place = published
    var found: UInt64 = 0
    var turn: UInt64 = 0
    while turn < times {
      RCU.readLock()
      RCU.readLock()
      if let record = RCU.dereference(place.record) { found &+= record.record.value }
      RCU.readUnlock()
      RCU.readUnlock()
      turn &+= 1
    }
    return found
  }
}
