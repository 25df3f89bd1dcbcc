import Testing

struct SafetyTests {
  @Test func `a promise without its reason is found`() {
    let silent = "struct A: @unchecked Sendable {}"
    #expect(unexplainedPromises(in: SourceFile("Sources/Kernel/A.swift", silent)).count == 1)
    let explained = "// Safety: the lock guards it.\n\(silent)"
    #expect(unexplainedPromises(in: SourceFile("Sources/Kernel/A.swift", explained)).isEmpty)
  }

  @Test func `unsafe code without its reason is found`() {
    let silent = "func f() {\n  unsafe p.pointee = unsafe q\n}\n"
    #expect(
      unexplainedUnsafety(in: SourceFile("Sources/Kernel/A.swift", silent)).map(\.line) == [2])
    let explained = "func f() {\n  // Safety: the caller owns it.\n  unsafe p.pointee = 1\n}\n"
    #expect(unexplainedUnsafety(in: SourceFile("Sources/Kernel/A.swift", explained)).isEmpty)
    let owned = "// Safety: p is ours until deinit.\nlet p: P\n\n\n\n\n\n\n\n\n\n" + silent
    #expect(unexplainedUnsafety(in: SourceFile("Sources/Kernel/A.swift", owned)).isEmpty)
    let elsewhere = "// Safety: q is ours.\nfunc g() {}\n\n\n\n\n\n\n\n\n\n" + silent
    #expect(unexplainedUnsafety(in: SourceFile("Sources/Kernel/A.swift", elsewhere)).count == 1)
    let promised = "nonisolated(unsafe) var p = 1\n"
    #expect(unexplainedUnsafety(in: SourceFile("Sources/Kernel/A.swift", promised)).count == 1)
  }

  @Test func `every promise in the house gives its reason`() {
    expectTidy(Repository.swiftFiles.flatMap(unexplainedPromises))
  }

  @Test func `every unsafe access in the house gives its reason`() {
    expectTidy(Repository.swiftFiles.flatMap(unexplainedUnsafety))
  }
}
