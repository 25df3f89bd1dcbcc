/// What an exploration says about a program.
public enum Verdict: String, Sendable, Codable, CaseIterable {
  /// Every execution was explored and none broke a rule.
  case passed
  /// A claim of the scenario was false.
  case expectationFailed = "expectation failed"
  /// Two accesses that nothing orders, one of them plain and one of them a write.
  case dataRace = "data race"
  /// Memory was used that had been freed, or that nothing keeps from being freed first.
  case useAfterFree = "use after free"
  /// Memory was freed twice.
  case doubleFree = "double free"
  /// Memory was never freed.
  case leak
  /// A callback that was added neither ran nor was removed.
  case callbackLost = "callback lost"
  /// A callback ran twice.
  case callbackDoubled = "callback doubled"
  /// A lock was released by a thread that does not hold it, or never released.
  case lockMisuse = "lock misuse"
  /// Threads wait for each other.
  case deadlock
  /// Locks are taken in two orders.
  case lockOrder = "lock order"
  /// A thread slept where it must not.
  case atomicSleep = "atomic sleep"
  /// A read section was left open, closed twice, or waited for itself.
  case rcuMisuse = "rcu misuse"
  /// A thread waits for something that nobody will do.
  case endlessWait = "endless wait"
  /// Threads run for ever without getting anywhere.
  case livelock
  /// A schedule that somebody counts took more than it may; no search says so.
  case tooCostly = "too costly"
  /// The search ended before it had seen everything.
  case notExhaustive = "not exhaustive"
  /// The program did different things under the same schedule.
  case notDeterministic = "not deterministic"
}
