/// One key, as a terminal reports it.
public enum Key: Sendable, Hashable {
  case character(Character)
  case enter, escape, backspace, up, down, left, right, home, end, pageUp, pageDown
  /// Ctrl-C, Ctrl-D, or the end of the input.
  case interrupt

  /// Takes the first key off what was read.
  ///
  /// - Parameter isWhole: Whether nothing follows; a lone escape is a key only then.
  /// - Returns: nil if the bytes only begin a key.
  package static func take(from bytes: inout [UInt8], isWhole: Bool) -> Key? {
    guard let first = bytes.first else { return nil }
    if first == 0x1B { return takeSequence(from: &bytes, isWhole: isWhole) }
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard bytes.count >= length || isWhole else { return nil }
    let text = String(decoding: bytes.prefix(length), as: UTF8.self)
    bytes.removeFirst(min(length, bytes.count))
    switch first {
    case 3, 4: return .interrupt
    case 10, 13: return .enter
    case 8, 127: return .backspace
    default: return text.first.map(Key.character)
    }
  }

  /// What begins with an escape: an arrow, another key that we skip, or the key itself.
  private static func takeSequence(from bytes: inout [UInt8], isWhole: Bool) -> Key? {
    guard bytes.count > 1 else {
      guard isWhole else { return nil }
      bytes.removeFirst()
      return .escape
    }
    guard bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else {
      bytes.removeFirst()
      return .escape
    }
    // Parameters, then one letter or tilde.
    guard let end = bytes.indices.dropFirst(2).first(where: { (0x40...0x7E).contains(bytes[$0]) })
    else {
      if isWhole { bytes = [] }
      return isWhole ? .escape : nil
    }
    let name = String(decoding: bytes[2...end], as: UTF8.self)
    bytes.removeFirst(end + 1)
    switch name {
    case "A": return .up
    case "B": return .down
    case "C": return .right
    case "D": return .left
    case "H": return .home
    case "F": return .end
    case "5~": return .pageUp
    case "6~": return .pageDown
    // A key that means nothing here.
    default: return .character("\u{0}")
    }
  }
}
