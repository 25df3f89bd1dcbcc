import Testing

struct LeftoversTests {
  @Test func `a leftover is found, except in a learner's starter`() {
    let text = "// TODO: later\nlet a = \"TODO\""
    #expect(leftovers(in: SourceFile("Sources/Kernel/A.swift", text)).map(\.line) == [1])
    #expect(leftovers(in: SourceFile("Exercises/06-a/1-b/Exercise.swift", text)).isEmpty)
  }

  @Test func `an empty room is found`() {
    #expect(emptyRooms(in: SourceFile("Sources/Kernel/Placeholder.swift", "")).count == 1)
    #expect(emptyRooms(in: SourceFile("Sources/Kernel/Kernel.swift", "")).isEmpty)
  }

  @Test func `the house has no leftovers`() {
    expectTidy(Repository.swiftFiles.flatMap(leftovers))
  }

  @Test func `the house has no empty rooms`() {
    expectTidy(Repository.swiftFiles.flatMap(emptyRooms))
  }
}
