/// The text form of a schedule: everything needed to run it again, in one word.
///
/// `hash.segment.segment…[-choice.choice…]`: the hash is of the scenario's name and threads; a
/// segment is the steps of one thread without a switch, its number in base 36 followed by one
/// character a step. That character is six bits of what the step looked like, so that another
/// program is refused at the first step that differs (one difference in 64 goes unseen there, and
/// is then caught at the next).
enum ReplayName {
  static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~")

  static func check(_ signature: UInt32) -> UInt8 {
    UInt8((signature ^ signature >> 6 ^ signature >> 12 ^ signature >> 18) & 63)
  }

  static func make(program: UInt32, trace: [Step], choices: [UInt64]) -> String {
    var text = hex(program)
    var last = -1
    for step in trace {
      if step.thread != last {
        text += "." + String(step.thread, radix: 36)
        last = step.thread
      }
      text.append(alphabet[Int(check(step.signature))])
    }
    if !choices.isEmpty { text += "-" + choices.map(String.init).joined(separator: ".") }
    return text
  }

  /// - Returns: nil where the text is no replay name.
  static func parse(_ text: String) -> (program: UInt32, script: Script)? {
    let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let schedule = halves.first else { return nil }
    let segments = schedule.split(separator: ".", omittingEmptySubsequences: false)
    guard let head = segments.first, let program = UInt32(head, radix: 16) else { return nil }
    var lines: [Script.Line] = []
    for segment in segments.dropFirst() {
      guard let first = segment.first, let thread = Int(String(first), radix: 36) else {
        return nil
      }
      for character in segment.dropFirst() {
        guard let check = alphabet.firstIndex(of: character) else { return nil }
        lines.append(Script.Line(thread: thread, check: UInt8(check)))
      }
    }
    var choices: [UInt64] = []
    if halves.count == 2 {
      for digit in halves[1].split(separator: ".") {
        guard let value = UInt64(digit) else { return nil }
        choices.append(value)
      }
    }
    return (program, Script(lines: lines, choices: choices))
  }

  static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
