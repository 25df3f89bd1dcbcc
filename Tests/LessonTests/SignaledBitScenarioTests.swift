import Explorer
import LessonDemos
import Testing

/// What the page of lesson 06 says about its own scenarios.
@Suite struct SignaledBitScenarioTests {
  private static let lesson = "06-the-signaled-bit"

  @Test func `only the lockless test answers yes before the callback has run`() throws {
    let table = try #require(LessonDemos.table("outcomes", of: Self.lesson)).rows()
    let row = try #require(table.first { $0[0] == "yes, no" })
    #expect(row.dropFirst() == ["possible", "never"])
    #expect(table.count { $0.contains("never") } == 1)
  }

  @Test func `only repairs that come behind the signaler hold in every execution`() throws {
    let table = try #require(LessonDemos.table("repairs", of: Self.lesson)).rows()
    let holding = table.filter { $0[1] == "passed" }.map { $0[0] }
    let failing = table.filter { $0[1] == "use after free" }.map { $0[0] }
    #expect(failing == ["nothing", "ask `isSignaled()` again"])
    #expect(holding.count + failing.count + 1 == table.count)
  }

  @Test func `the page shows a failing and a lucky execution of one program`() throws {
    for name in ["lockless", "lucky"] {
      let scenario = try #require(LessonDemos.scenario(name, of: Self.lesson))
      #expect(scenario.explore().failure != nil)
    }
    let locked = try #require(LessonDemos.scenario("locked", of: Self.lesson))
    #expect(locked.explore().isExhaustive)
  }
}
