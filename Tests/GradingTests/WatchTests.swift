import Foundation
import Grading
import Testing

struct KeyTests {
  private func keys(_ bytes: [UInt8], isWhole: Bool = true) -> [Key] {
    var rest = bytes
    var keys: [Key] = []
    while let key = Key.take(from: &rest, isWhole: isWhole) { keys.append(key) }
    return keys
  }

  @Test func `letters, arrows and a lone escape are told apart`() {
    #expect(
      keys(Array("aä\u{1B}[A\u{1B}OB\u{1B}[5~\u{1B}[6~".utf8)) == [
        .character("a"), .character("ä"), .up, .down, .pageUp, .pageDown,
      ])
    #expect(keys([0x1B]) == [.escape])
    #expect(keys([3]) == [.interrupt])
    #expect(keys([4]) == [.interrupt])
    #expect(keys([13, 10, 127, 8]) == [.enter, .enter, .backspace, .backspace])
  }

  @Test(arguments: [[0x1B], [0x1B, 0x5B], [0x1B, 0x5B, 0x35], [0xC3]] as [[UInt8]])
  func `what only begins a key is none yet`(bytes: [UInt8]) {
    #expect(keys(bytes, isWhole: false).isEmpty)
  }

  @Test func `a key with parameters that we do not know is one key`() {
    #expect(keys(Array("\u{1B}[1;5Ax".utf8)).last == .character("x"))
    #expect(keys(Array("\u{1B}[200~x".utf8)).count == 2)
  }

  @Test(arguments: 0..<64)
  func `whatever is typed ends`(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    let bytes = (0..<200).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 60 < 4 ? 0x1B : UInt8(truncatingIfNeeded: state >> 40)
    }
    #expect(keys(bytes).count <= bytes.count)
  }
}

struct FileWatcherTests {
  @Test func `a save that the kernel does not tell of is seen, and from then on we look`() throws {
    let checkout = try Checkout()
    let file = try checkout.handOver().file
    let watcher = FileWatcher(file)
    #expect(watcher.method == .inotify)
    // Written into in place and left open: no event that we wait for, as on a silent file system.
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    try handle.write(contentsOf: Data("// in place".utf8))
    #expect(watcher.hasChanged())
    #expect(watcher.method == .polling)
    #expect(watcher.pauseMilliseconds > 0)
    try handle.close()
    try checkout.write("// saved again\n", to: file)
    #expect(watcher.hasChanged())
  }
}

struct AfterwordTests {
  @Test(arguments: [
    "", "## Why it works\n\nso\n", "## Why it works\n\n## Harder\n\nmore\n", "## Harder\nmore\n",
  ])
  func `half an afterword is none`(text: String) {
    #expect(Afterword(text) == nil)
  }

  @Test func `both sections are read`() throws {
    let checkout = try Checkout()
    let afterword = try #require(Desk(checkout.workspace).afterword(checkout.handOver()))
    #expect(afterword.why.hasPrefix("The flag is now the last thing"))
    #expect(afterword.harder.hasPrefix("Let two finishers"))
  }

  @Test func `an exercise without one is a finding`() throws {
    let checkout = try Checkout()
    try FileManager.default.removeItem(atPath: checkout.handOver().afterFile)
    let findings = try ExerciseVerifier(checkout.course).verify()
    #expect(findings.contains { $0.contains("1-hand-over/after.md") && $0.contains("Harder") })
  }
}
