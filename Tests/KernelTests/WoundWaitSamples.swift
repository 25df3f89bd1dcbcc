import Kernel
import Machine

/// Two mutexes of one class and data that both guard.
struct MutexPair: ~Copyable {
  let first = WoundWaitMutex()
  let second = WoundWaitMutex()
  let count = Cell<UInt32>(0)

  static func make() -> Object<MutexPair> {
    let pair = Machine.allocate(MutexPair())
    pair.record.first.initialise(class: "first")
    pair.record.second.initialise(class: "second")
    return pair
  }

  /// Takes both in the order asked for, backing off as often as told, counts, and gives them back.
  func addOne(inReverse: Bool, _ context: Object<AcquireContext>, tries: Bool = false) {
    if inReverse {
      MutexPair.takeBoth(second, first, context, tries: tries)
    } else {
      MutexPair.takeBoth(first, second, context, tries: tries)
    }
    count.value += 1
    first.unlock()
    second.unlock()
  }

  private static func takeBoth(
    _ one: borrowing WoundWaitMutex, _ other: borrowing WoundWaitMutex,
    _ context: Object<AcquireContext>, tries: Bool
  ) {
    if !(tries && one.tryLock(context)) { take(one, context) }
    // Whether `other` is the one that is missing.
    var lacksOther = true
    while true {
      let result =
        lacksOther ? outcome(of: other, context) : outcome(of: one, context)
      if result == nil { return }
      Machine.expect(result == .deadlock, "only giving way may be asked for")
      if lacksOther {
        one.unlock()
        takeSlowly(other, context)
      } else {
        other.unlock()
        takeSlowly(one, context)
      }
      lacksOther.toggle()
    }
  }

  private static func take(
    _ mutex: borrowing WoundWaitMutex, _ context: Object<AcquireContext>
  ) {
    Machine.expect(outcome(of: mutex, context) == nil, "who holds nothing never gives way")
  }

  private static func takeSlowly(
    _ mutex: borrowing WoundWaitMutex, _ context: Object<AcquireContext>
  ) {
    do throws(Errno) {
      try mutex.lockSlowly(context)
    } catch {
      Machine.expect(false, "the slow lock succeeds")
    }
  }

  /// What a lock throws, or nil.
  static func outcome(
    of mutex: borrowing WoundWaitMutex, _ context: Object<AcquireContext>?,
    interruptible: Bool = false
  ) -> Errno? {
    do throws(Errno) {
      try mutex.lock(context, interruptible: interruptible)
      return nil
    } catch {
      return error
    }
  }
}

/// A family for each rule, outside any run.
enum Families {
  static let waitDie = Machine.permanent(WoundWaitClass(.waitDie))
  static let woundWait = Machine.permanent(WoundWaitClass(.woundWait))

  static func of(_ rule: WoundWaitClass.Rule) -> Object<WoundWaitClass> {
    rule == .waitDie ? waitDie : woundWait
  }

  static let rules: [WoundWaitClass.Rule] = [.waitDie, .woundWait]
}
