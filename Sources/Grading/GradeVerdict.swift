public import Explorer

/// What a grade says: the explorer's verdicts, and what can go wrong around them.
public enum GradeVerdict: String, Sendable, Codable, CaseIterable {
  case passed
  case expectationFailed = "expectation failed"
  case dataRace = "data race"
  case useAfterFree = "use after free"
  case doubleFree = "double free"
  case leak
  case callbackLost = "callback lost"
  case callbackDoubled = "callback doubled"
  case lockMisuse = "lock misuse"
  case deadlock
  case lockOrder = "lock order"
  case atomicSleep = "atomic sleep"
  case rcuMisuse = "rcu misuse"
  case endlessWait = "endless wait"
  case livelock
  case notExhaustive = "not exhaustive"
  case notDeterministic = "not deterministic"
  /// It needs more read-modify-writes, barriers or line transfers than it may.
  case tooCostly = "too costly"
  /// It did not end in time.
  case timedOut = "timed out"
  /// It asked for more memory than it may have.
  case outOfMemory = "out of memory"
  /// It printed more than anybody reads.
  case tooMuchOutput = "too much output"
  /// It ended before its checks did.
  case crashed
  /// The compiler refused it.
  case doesNotCompile = "does not compile"
  /// It uses what would let it past the explorer.
  case forbiddenConstruct = "forbidden construct"

  /// The explorer's verdict under its own name.
  public init(_ verdict: Verdict) {
    guard let same = GradeVerdict(rawValue: verdict.rawValue) else {
      preconditionFailure("the explorer has a verdict that grades lack: \(verdict.rawValue)")
    }
    self = same
  }
}
