import Litmus
import Testing

/// The explorer and the decision procedure share no decision code; on generated tests they must
/// find the same states, each in the same number of executions.
struct CrossJudgeTests {
  @Test(arguments: 0..<3)
  func `both engines agree on generated programs`(_ batch: Int) throws {
    let compared = try compare((batch * 100)..<(batch * 100 + 100)) { seed in
      var generator = GeneratedTest(seed: seed)
      return generator.make("program \(seed)")
    }
    #expect(compared > 60)
  }

  @Test(arguments: 0..<4)
  func `both engines agree on generated cycles`(_ batch: Int) throws {
    let compared = try compare((batch * 100)..<(batch * 100 + 100)) { seed in
      var generator = GeneratedCycle(seed: seed)
      return generator.make("cycle \(seed)")
    }
    #expect(compared > 60)
  }

  private func compare(
    _ seeds: Range<Int>, _ make: (Int) -> LitmusTest
  ) throws -> Int {
    var compared = 0
    for seed in seeds {
      let test = make(seed)
      let decided = try test.decide(LitmusOptions(forbidsLoadBuffering: true))
      // A section that waits for its own end has no execution to compare.
      guard decided.count > 0, decided.count < 3_000 else { continue }
      compared += 1
      let explored = test.explore()
      if decided.racy > 0 {
        #expect(explored.verdict == "data race", "\(explored)\n\(test)")
        continue
      }
      #expect(explored.verdict == "passed", "\(explored)\n\(test)")
      #expect(explored.executions == decided.count, "\(decided.states)\n\(explored)\n\(test)")
      #expect(explored.states == states(decided), "\(test)")
    }
    return compared
  }

  private func states(_ outcome: LitmusOutcome) -> [[LitmusValue]: Int] {
    Dictionary(
      outcome.states.map { ($0.values.map(\.value), $0.count) }, uniquingKeysWith: +)
  }

  @Test func `registers that begin with addresses are explored with them`() throws {
    let test = try litmus(
      "WRITE_ONCE(*x, 1); smp_store_release(p, r4);",
      "int *a = rcu_dereference(*p); int b = READ_ONCE(*a);", initial: "0:r4=x; p=y; y=2;",
      exists: "1:a=x /\\ 1:b=0", parameters: "int **p, int *x, int *y")
    let explored = test.explore()
    let decided = try test.decide(LitmusOptions(forbidsLoadBuffering: true))
    #expect(explored.verdict == "passed")
    #expect(decided.states.map(\.text) == ["1:a=x; 1:b=1;", "1:a=y; 1:b=2;"])
    #expect(Set(explored.states.keys) == Set(decided.states.map { $0.values.map(\.value) }))
  }
}
