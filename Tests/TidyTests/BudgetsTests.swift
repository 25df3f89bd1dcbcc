import Testing

struct BudgetsTests {
  private let line = "let a = 1\n"

  @Test func `a file beyond the budget is found`() {
    let long = SourceFile("Sources/A/A.swift", String(repeating: line, count: 601))
    #expect(oversizedFiles(in: long).map(\.rule) == ["file size"])
    let fitting = SourceFile("Sources/A/A.swift", String(repeating: line, count: 600))
    #expect(oversizedFiles(in: fitting).isEmpty)
  }

  @Test func `a line beyond the budget is found`() {
    let wide = SourceFile("Sources/A/A.swift", "a\n" + String(repeating: "é", count: 101) + "\n")
    #expect(oversizedFiles(in: wide).map(\.line) == [2])
    let fitting = SourceFile("Sources/A/A.swift", String(repeating: "é", count: 100))
    #expect(oversizedFiles(in: fitting).isEmpty)
  }

  @Test func `the indentation of a long literal does not count`() {
    let quotes = String(repeating: "\"", count: 3)
    let literal = { "let a = \(quotes)\n  \(String(repeating: "b", count: $0))\n  \(quotes)\n" }
    #expect(oversizedFiles(in: SourceFile("Tests/A/A.swift", literal(100))).isEmpty)
    #expect(oversizedFiles(in: SourceFile("Tests/A/A.swift", literal(101))).map(\.line) == [2])
  }

  @Test(arguments: ["func f(a: () -> Void = {})", "var f: Int", "init()", "func `f { g`()"])
  func `a function beyond the budget is found`(signature: String) {
    let body = { String(repeating: self.line, count: $0) }
    let long = SourceFile("Sources/A/A.swift", "\(signature) {\n\(body(69))}\n")
    #expect(oversizedFunctions(in: long).map(\.line) == [1])
    let fitting = SourceFile("Sources/A/A.swift", "\(signature) {\n\(body(68))}\n")
    #expect(oversizedFunctions(in: fitting).isEmpty)
  }

  @Test func `a requirement without a body is no function`() {
    let text = """
      protocol P {
        func f()
        func g(
          a: Int
        ) -> Int
        init()
        var v: Int
      }
      func h() {}
      """
    #expect(SourceFile("Sources/A/A.swift", text).declarations.map(\.name) == ["h"])
  }

  @Test func `every file and function of the house keeps the maximum`() {
    expectTidy(Repository.files.flatMap(oversizedFiles))
    expectTidy(Repository.swiftFiles.flatMap(oversizedFunctions))
  }

  @Test func `the kit's medians keep the budget`() {
    let kit = Repository.swiftFiles.filter { $0.isUnder(["Sources", "Lessons"]) }
    let files = Spread(kit.map(\.lineCount))
    let functions = Spread(kit.flatMap(\.declarations).map(\.length))
    print("Lines per file: \(files). Lines per function: \(functions).")
    #expect(files.median <= Budget.fileLinesMedian)
    #expect(files.p90 <= Budget.fileLinesP90)
    #expect(functions.median <= Budget.functionLinesMedian)
    #expect(functions.p90 <= Budget.functionLinesP90)
  }
}
