import Foundation

/// The instructions of one function, and of its path without a branch taken to the slow part.
struct Disassembly: Sendable {
  /// The instructions as objdump prints them, without addresses.
  let lines: [String]
  /// The instructions from the entry to the first return, in a form that can be compared.
  ///
  /// A compiler may put either side of the test first, so a path that leads into a call begins
  /// anew behind the branch that avoids it.
  let fastPath: [String]

  /// Reads lines of the form `address: instruction`.
  init(text: [String]) {
    var instructions: [(address: String, text: String)] = []
    for line in text {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let instruction = parts[1].replacing(#/\s+/#, with: " ").trimmingPrefix(" ")
      let address = parts[0].trimmingPrefix(#/\s*/#)
      instructions.append((String(address), String(instruction)))
    }
    lines = instructions.map(\.text)
    fastPath = Self.fastPath(instructions)
  }

  /// Follows the function from its entry; where both ways are open, the one that does not call.
  private static func fastPath(_ all: [(address: String, text: String)]) -> [String] {
    var path: [String] = []
    var next = 0
    while next < all.count && path.count < 40 {
      let text = all[next].text
      let isReturn = text.hasPrefix("ret")
      let target = all.firstIndex { text.hasBranchTarget($0.address) }
      next += 1
      if let target {
        // Padding and unconditional jumps inside the function are layout, not work.
        if text.hasPrefix("jmp") || text.hasPrefix("b ") {
          next = target
          continue
        }
        path.append("branch")
        if calls(all[next...]) { next = target }
        continue
      }
      path.append(text)
      if isReturn { break }
    }
    return RegisterNames.renamed(path)
  }

  /// Whether the instructions up to the next return leave the function.
  private static func calls(_ rest: ArraySlice<(address: String, text: String)>) -> Bool {
    for (_, text) in rest {
      if text.hasPrefix("call") || text.hasPrefix("bl ") { return true }
      if text.hasPrefix("jmp") || text.hasPrefix("b ") { return true }
      if text.hasPrefix("ret") { return false }
    }
    return false
  }
}

extension String {
  fileprivate func hasBranchTarget(_ address: String) -> Bool {
    guard hasPrefix("j") || hasPrefix("b") || hasPrefix("cb") || hasPrefix("tb") else {
      return false
    }
    return contains(" \(address) <") || contains(", \(address) <")
  }
}

/// Numbers registers in the order in which they appear: which one holds what is no difference.
enum RegisterNames {
  static func renamed(_ lines: [String]) -> [String] {
    var numbers: [String: Int] = [:]
    return lines.map { line in
      line.replacing(#/%[a-z0-9]+|\b[wx][0-9]+\b/#) { match in
        let name = wholeRegister(String(match.output))
        // The stack and frame pointers have a meaning of their own.
        if ["sp", "bp"].contains(name) { return name }
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        return "register \(number)"
      }
    }
  }

  /// The register that a name means a part of: `%al`, `%eax` and `%rax` are one.
  private static func wholeRegister(_ name: String) -> String {
    if let match = name.wholeMatch(of: #/[wx]([0-9]+)/#) { return "x\(match.output.1)" }
    let bare = name.dropFirst()
    if let match = bare.wholeMatch(of: #/(r[0-9]+)[bwd]?/#) { return String(match.output.1) }
    for letter in ["a", "b", "c", "d"] where bare.wholeMatch(of: part(letter)) != nil {
      return letter
    }
    for pair in ["si", "di", "bp", "sp"] where bare.contains(pair) { return pair }
    return name
  }

  private static func part(_ letter: String) -> Regex<AnyRegexOutput> {
    // A fixed pattern with one letter in it always compiles.
    (try? Regex("[re]?\(letter)[xlh]")) ?? Regex(#/$^/#)
  }
}
