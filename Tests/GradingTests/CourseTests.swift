import Foundation
import Grading
import Testing

struct CourseTests {
  @Test(arguments: [
    "01.1", "1.1", "1-hand-over", "hand-over", "01-fixtures/1-hand-over",
  ])
  func `an exercise has several names`(name: String) throws {
    #expect(try Checkout().course.exercise(name).id == "01-fixtures/1-hand-over")
  }

  @Test func `an unknown name is answered with the known ones`() throws {
    #expect {
      try Checkout().course.exercise("99.9")
    } throws: { "\($0)".contains("01.1, 01.2, 01.3") }
  }

  @Test func `the checkout is found from a folder inside of it`() throws {
    let checkout = try Checkout()
    let inside = "\(checkout.workspace.root)/Exercises/01-fixtures"
    #expect(try Workspace.find(from: inside) == checkout.workspace)
    #expect(throws: GradingError.self) { try Workspace.find(from: "/") }
  }

  @Test func `the head of the checks says how many explorations are due`() throws {
    let checkout = try Checkout()
    let exercise = try checkout.handOver()
    #expect(try ChecksHeader(exercise).explorations == 2)
    for head in ["", "// explorations: 0\n", "import A\n// explorations: 2\n"] {
      try checkout.write(head, to: exercise.checksFile)
      #expect(throws: GradingError.self) { try ChecksHeader(exercise) }
    }
  }

  @Test func `an editor is told how every exercise file is compiled`() throws {
    let checkout = try Checkout()
    try CompileCommands(checkout.course).write()
    let path = "\(checkout.workspace.exercisesFolder)/compile_commands.json"
    let data = try #require(FileManager.default.contents(atPath: path))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(json.count == 6)
    let files = json.compactMap { $0["file"] as? String }
    #expect(files.contains(try checkout.handOver().file))
    #expect(json.allSatisfy { ($0["arguments"] as? [String])?.contains("-I") == true })
  }

  @Test func `a saved file is noticed, by either way of watching`() throws {
    for isPolling in [false, true] {
      let checkout = try Checkout()
      let file = try checkout.handOver().file
      let watcher = FileWatcher(file, isPolling: isPolling)
      #expect(watcher.method == (isPolling ? .polling : .inotify))
      #expect(!watcher.hasChanged())
      try checkout.write("// saved\n", to: file)
      #expect(watcher.hasChanged())
      #expect(!watcher.hasChanged())
      try FileManager.default.removeItem(atPath: file)
      #expect(!watcher.hasChanged())
      try checkout.write("// saved again\n", to: file)
      #expect(watcher.hasChanged())
    }
  }
}
