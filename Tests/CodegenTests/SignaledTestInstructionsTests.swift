import Foundation
import Testing

/// Asking a signaled fence costs what it costs in C, because it is the same instructions.
struct SignaledTestInstructionsTests {
  @Test(
    .enabled(
      if: Disassembler.isInstalled,
      "objdump is missing: install the Debian package binutils"))
  func `asking a fence whether it is signaled is the same instructions as in C`() throws {
    let functions = try BareBuild.functions()
    let ours = try #require(functions["ask_ours"])
    let theirs = try #require(functions["ask_theirs"])
    #expect(ours.fastPath.count >= 3, "no fast path in \(ours.lines)")
    #expect(
      ours.fastPath == theirs.fastPath,
      "ours: \(ours.lines.joined(separator: "; "))\nC: \(theirs.lines.joined(separator: "; "))")
  }

  @Test(
    .enabled(
      if: Disassembler.isInstalled,
      "objdump is missing: install the Debian package binutils"))
  func `a test of another bit, or one access more, would be noticed`() throws {
    let functions = try BareBuild.functions()
    let ours = try #require(functions["ask_ours"])
    for name in ["ask_another_bit", "ask_twice"] {
      let other = try #require(functions[name])
      #expect(ours.fastPath != other.fastPath, "\(name): \(other.lines)")
    }
  }

  @Test func `registers are compared by their place in the text, addresses not at all`() {
    let one = Disassembly(
      text: [
        "   0:\tmov    0x30(%rdi),%rax", "   4:\ttest   $0x8,%al", "   6:\tje     a <ask+0xa>",
        "   8:\tmov    $0x1,%al", "   9:\tret", "   a:\tjmp    f <ask+0xf>",
      ])
    let two = Disassembly(
      text: [
        "  10:\tmov    0x30(%rsi),%rcx", "  14:\ttest   $0x8,%cl", "  16:\tje     1a <ask+0xa>",
        "  18:\tmov    $0x1,%cl", "  19:\tret", "  1a:\tjmp    4f <other>",
      ])
    #expect(one.fastPath == two.fastPath)
    #expect(one.fastPath.count == 5)
    let three = Disassembly(
      text: one.lines.map { $0.replacingOccurrences(of: "$0x8", with: "$0x4") })
    #expect(one.fastPath != three.fastPath)
  }
}
