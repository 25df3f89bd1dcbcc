import Testing

struct BannedCallsTests {
  @Test(arguments: [
    ("Tests/KernelTests/A.swift", "usleep(10)"),
    ("Tests/KernelTests/A.swift", "sleep(1)"),
    ("Tests/KernelTests/A.swift", "@Suite(.timeLimit(.minutes(1)))"),
    ("Sources/Grading/A.swift", "try await Task.sleep(for: end)"),
    ("Tests/KernelTests/A.swift", "@testable import Kernel"),
    ("Sources/Kernel/A.swift", "print(state)"),
    ("Sources/Kernel/A.swift", "import Synchronization"),
    ("Sources/Kernel/A.swift", "let a = try! load()"),
    ("Lessons/06-a/ADemo.swift", "let a = b as! Int"),
    ("Sources/Fences/A.swift", "fatalError()"),
    ("Sources/Explorer/A.swift", "let now = ContinuousClock().now"),
    ("Sources/Fences/A.swift", #"log("\(Date())")"#),
  ])
  func `a banned call is found`(path: String, text: String) {
    #expect(bannedCalls(in: SourceFile(path, text)).map(\.line) == [1])
  }

  @Test(arguments: [
    ("Tests/KernelTests/A.swift", "sleepers.wake() // never usleep(10)"),
    ("Sources/fencelab/A.swift", "print(state)"),
    ("Sources/Publishing/A.swift", "terminal.print(state)"),
    ("Sources/Kernel/A.swift", "let left = sleep(on: queue)"),
    ("Sources/Kernel/A.swift", "fingerprint(state)"),
    ("Sources/Machine/A.swift", "import Synchronization"),
    ("Sources/Kernel/A.swift", "// Native only: a pool.\nimport Synchronization"),
    ("Sources/Kernel/A.swift", "let a = try? load()"),
    ("Sources/Fences/A.swift", #"log("fatalError() and Date()")"#),
    ("Sources/Grading/A.swift", "let now = ContinuousClock().now"),
  ])
  func `its near twin is fine`(path: String, text: String) {
    #expect(bannedCalls(in: SourceFile(path, text)).isEmpty)
  }

  @Test func `the house has no banned calls`() {
    expectTidy(Repository.swiftFiles.flatMap(bannedCalls))
  }
}
