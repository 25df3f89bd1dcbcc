import Litmus
import Testing

/// A documented verdict of the kernel's own tests.
struct Verdict: Sendable, CustomTestStringConvertible {
  let name: String
  let observation: LitmusObservation

  init(_ name: String, _ observation: LitmusObservation) {
    self.name = name
    self.observation = observation
  }

  var testDescription: String { "\(name) is \(observation.rawValue)" }

  /// The tests of tools/memory-model and of Documentation/litmus-tests.
  static let all: [Verdict] = [
    Verdict("CoRR+poonceonce+Once", .never),
    Verdict("CoRW+poonceonce+Once", .never),
    Verdict("CoWR+poonceonce+Once", .never),
    Verdict("CoWW+poonceonce", .never),
    Verdict("IRIW+fencembonceonces+OnceOnce", .never),
    Verdict("IRIW+poonceonces+OnceOnce", .sometimes),
    Verdict("ISA2+pooncelock+pooncelock+pombonce", .never),
    Verdict("ISA2+poonceonces", .sometimes),
    Verdict("ISA2+pooncerelease+poacquirerelease+poacquireonce", .never),
    Verdict("LB+fencembonceonce+ctrlonceonce", .never),
    Verdict("LB+poacquireonce+pooncerelease", .never),
    Verdict("LB+poonceonces", .sometimes),
    Verdict("LB+unlocklockonceonce+poacquireonce", .never),
    Verdict("MP+fencewmbonceonce+fencermbonceonce", .never),
    Verdict("MP+onceassign+derefonce", .never),
    Verdict("MP+polockmbonce+poacquiresilsil", .never),
    Verdict("MP+polockonce+poacquiresilsil", .sometimes),
    Verdict("MP+polocks", .never),
    Verdict("MP+poonceonces", .sometimes),
    Verdict("MP+pooncerelease+poacquireonce", .never),
    Verdict("MP+porevlocks", .never),
    Verdict("MP+unlocklockonceonce+fencermbonceonce", .never),
    Verdict("R+fencembonceonces", .never),
    Verdict("R+poonceonces", .sometimes),
    Verdict("S+fencewmbonceonce+poacquireonce", .never),
    Verdict("S+poonceonces", .sometimes),
    Verdict("SB+fencembonceonces", .never),
    Verdict("SB+poonceonces", .sometimes),
    Verdict("SB+rfionceonce-poonceonces", .sometimes),
    Verdict("WRC+poonceonces+Once", .sometimes),
    Verdict("WRC+pooncerelease+fencermbonceonce+Once", .never),
    Verdict("Z6.0+pooncelock+poonceLock+pombonce", .never),
    Verdict("Z6.0+pooncelock+pooncelock+pombonce", .sometimes),
    Verdict("Z6.0+pooncerelease+poacquirerelease+fencembonceonce", .sometimes),
    Verdict("dep+plain", .never),
    Verdict("Atomic-RMW+mb__after_atomic-is-stronger-than-acquire", .never),
    Verdict("Atomic-RMW-ops-are-atomic-WRT-atomic_set", .never),
    Verdict("cmpxchg-fail-ordered-1", .never),
    Verdict("cmpxchg-fail-ordered-2", .never),
    Verdict("cmpxchg-fail-unordered-1", .sometimes),
    Verdict("cmpxchg-fail-unordered-2", .sometimes),
    Verdict("DCL-broken", .sometimes),
    Verdict("DCL-fixed", .never),
    Verdict("RM-broken", .deadlock),
    Verdict("RM-fixed", .never),
    Verdict("RCU+sync+free", .never),
    Verdict("RCU+sync+read", .never),
  ]

  /// Names of before 2018, and the tests they stand for today.
  static let earlierNames: [(String, String)] = [
    ("IRIW+mbonceonces+OnceOnce", "IRIW+fencembonceonces+OnceOnce"),
    ("LB+ctrlonceonce+mbonceonce", "LB+fencembonceonce+ctrlonceonce"),
    ("MP+wmbonceonce+rmbonceonce", "MP+fencewmbonceonce+fencermbonceonce"),
    ("R+mbonceonces", "R+fencembonceonces"),
    ("S+wmbonceonce+poacquireonce", "S+fencewmbonceonce+poacquireonce"),
    ("SB+mbonceonces", "SB+fencembonceonces"),
    ("WRC+pooncerelease+rmbonceonce+Once", "WRC+pooncerelease+fencermbonceonce+Once"),
    (
      "Z6.0+pooncerelease+poacquirerelease+mbonceonce",
      "Z6.0+pooncerelease+poacquirerelease+fencembonceonce"
    ),
  ]
}

struct VerdictTests {
  @Test(arguments: Verdict.all)
  func `the kernel's own tests have their documented verdicts`(verdict: Verdict) throws {
    let outcome = try program(verdict.name).decide()
    #expect(outcome.test.name == verdict.name)
    #expect(outcome.observation == verdict.observation)
    #expect(outcome.racy == 0)
  }

  @Test(arguments: Verdict.earlierNames)
  func `under their earlier names they are the same`(earlier: String, today: String) throws {
    let verdict = try #require(Verdict.all.first { $0.name == today })
    var test = try program(today)
    test.name = earlier
    #expect(try test.decide().observation == verdict.observation)
  }

  @Test func `there are 47 of them`() throws {
    #expect(Set(Verdict.all.map(\.name)).count == 47)
    #expect(try programNames() == Set(Verdict.all.map(\.name)))
  }

  @Test(arguments: Verdict.all)
  func `printing a test and reading it again changes nothing`(verdict: Verdict) throws {
    let test = try program(verdict.name)
    let again = try LitmusTest(parsing: test.description)
    #expect(again.description == test.description)
    #expect(try again.decide().states == test.decide().states)
  }

  @Test func `only load buffering tells the two models apart`() throws {
    for verdict in Verdict.all {
      let test = try program(verdict.name)
      let allowed = try test.decide().observation
      let forbidding = try test.decide(LitmusOptions(forbidsLoadBuffering: true)).observation
      #expect((allowed != forbidding) == (verdict.name == "LB+poonceonces"))
    }
  }
}
