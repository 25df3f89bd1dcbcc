import Explorer
import Machine
import Testing

@Suite struct ReplayModelTests {
  private static let racy: @Sendable (Lab) -> Void = { scenario($0, stores: 1) }

  /// A lost update, behind `stores` writes that differ between programs.
  private static func scenario(_ lab: Lab, stores: Int) {
    let w = lab.allocate(Words())
    for thread in 0..<2 {
      lab.thread("P\(thread)", cpu: thread) {
        let seen = w.record.x.load(.relaxed)
        for _ in 0..<stores { w.record.y.store(1, .relaxed) }
        w.record.x.store(seen + 1, .relaxed)
      }
    }
    lab.finally {
      lab.expect(w.record.x.load(.relaxed) == 2, "no update is lost")
      lab.free(w)
    }
  }

  @Test func `a replay performs the same steps in one execution`() throws {
    let first = try #require(explore("lost update", Self.racy).failure)
    guard case .failed(let again) = replay(first.replay, of: "lost update", Self.racy) else {
      Issue.record("the replay did not fail")
      return
    }
    #expect(again.executions == 1)
    #expect(again.failure?.steps.map(\.event) == first.steps.map(\.event))
    #expect(again.failure?.steps.map(\.thread) == first.steps.map(\.thread))
    #expect(again.failure?.replay == first.replay)
  }

  @Test func `another program is refused at the first step that differs`() throws {
    let first = try #require(explore("lost update", Self.racy).failure)
    let outcome = replay(first.replay, of: "lost update") { Self.scenario($0, stores: 0) }
    guard case .refused(let step, _) = outcome else {
      Issue.record("\(outcome) instead of a refusal")
      return
    }
    #expect(step == 2, "the first step is the same load, the second is another store")
  }

  @Test func `other threads are refused before the first step`() throws {
    let first = try #require(explore("lost update", Self.racy).failure)
    let outcome = replay(first.replay, of: "another name", Self.racy)
    guard case .refused(let step, _) = outcome else {
      Issue.record("\(outcome) instead of a refusal")
      return
    }
    #expect(step == 0)
  }

  @Test(arguments: ["", "hello", "12345678.!", "zz.1A"])
  func `a text that is no replay name says so`(_ text: String) {
    guard case .malformed = replay(text, of: "lost update", Self.racy) else {
      Issue.record("\(text) was taken for a replay name")
      return
    }
  }

  @Test func `a free that nothing orders is found again by its name`() throws {
    let scenario: @Sendable (Lab) -> Void = { lab in
      let shared = lab.allocate(Plain())
      let turn = lab.allocate(Word<UInt64>(0))
      lab.thread("user", cpu: 0) {
        shared.record.data.value = 1
        turn.record.store(1, .release)
      }
      lab.thread("owner", cpu: 1) {
        lab.spin(until: turn.record.equals(1, .relaxed))
        lab.free(shared)
      }
      lab.finally { lab.free(turn) }
    }
    let first = try #require(explore("unordered", scenario).failure)
    #expect(first.rule == "use-after-free/unordered")
    guard case .failed(let again) = replay(first.replay, of: "unordered", scenario) else {
      Issue.record("the replay did not fail")
      return
    }
    #expect(again.failure?.rule == first.rule)
  }

  @Test func `choices are part of the name`() throws {
    let scenario: @Sendable (Lab) -> Void = { lab in
      let w = lab.allocate(Words())
      lab.thread("P0", cpu: 0) {
        w.record.x.store(lab.choose(below: 3, "value"), .relaxed)
        w.record.y.store(lab.choose(below: 2, "value"), .relaxed)
      }
      lab.finally {
        lab.expect(w.record.x.load(.relaxed) != 2 || w.record.y.load(.relaxed) != 1, "not both")
        lab.free(w)
      }
    }
    let first = try #require(explore("choices", scenario).failure)
    #expect(first.replay.hasSuffix("-2.1"))
    guard case .failed = replay(first.replay, of: "choices", scenario) else {
      Issue.record("the choices were not followed")
      return
    }
  }

  @Test func `a search that is cut off never passes`() {
    var options = ExplorationOptions()
    options.executionsMax = 2
    let report = explore("cut", options: options) { lab in
      let w = lab.allocate(Words())
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) { _ = w.record.x.fetchAdd(1, .relaxed) }
      }
      lab.finally { lab.free(w) }
    }
    #expect(report.verdict == .notExhaustive)
    #expect(!report.isExhaustive)
  }

  @Test func `the witness has no switch that could be saved`() throws {
    let report = explore("order") { lab in
      let w = lab.allocate(Words())
      lab.thread("writer", cpu: 0) {
        for _ in 0..<3 { w.record.z.store(1, .relaxed) }
        w.record.x.store(1, .relaxed)
        for _ in 0..<3 { w.record.z.store(1, .relaxed) }
        w.record.y.store(1, .relaxed)
      }
      lab.thread("reader", cpu: 1) {
        for _ in 0..<3 { w.record.r0.store(1, .relaxed) }
        let x = w.record.x.load(.relaxed)
        let y = w.record.y.load(.relaxed)
        lab.expect(!(x == 1 && y == 0), "the reader never sees the halfway state")
      }
      lab.finally { lab.free(w) }
    }
    let threads = try #require(report.failure).steps.map(\.thread)
    let switches = zip(threads, threads.dropFirst()).count { $0 != $1 }
    #expect(switches <= 2, "\(threads)")
  }
}
