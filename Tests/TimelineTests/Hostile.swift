/// Texts that try to break a drawing, and an independent reading of what was drawn.
enum Hostile {
  static let texts: [String] = [
    "",
    String(repeating: "very long ", count: 400),
    "line\nfeeds\r\nand\ttabs",
    "escape \u{1B}[31m code \u{7} bell",
    "\u{202E}reversed\u{202C} and \u{200B}invisible",
    "漢字は二列 \(String(repeating: "漢", count: 80))",
    "emoji 👩‍👩‍👧 🇩🇪 🙂",
    "pile e" + String(repeating: "\u{301}", count: 60),
    "\u{301}a mark without its letter",
    "<svg onload='x'> & \"quotes\" ]]> <!-- -->",
    "\u{0} nul and \u{FFFE} nonsense",
  ]

  /// The columns of a drawn line, counted by simpler rules than the drawing's own.
  static func columns(of line: some StringProtocol) -> Int {
    line.reduce(0) { columns, character in
      let isWide = character.unicodeScalars.contains {
        (0x1100...0x115F).contains($0.value) || (0x2E80...0xD7A3).contains($0.value)
          || $0.value >= 0x1F000
      }
      return columns + (isWide ? 2 : 1)
    }
  }

  /// Whether nothing in the line moves the cursor or changes the reading direction.
  static func isHarmless(_ line: some StringProtocol) -> Bool {
    line.unicodeScalars.allSatisfy { scalar in
      scalar.value >= 0x20 && scalar.value != 0x7F && !(0x202A...0x202E).contains(scalar.value)
        && scalar.value != 0x200B
    }
  }
}
