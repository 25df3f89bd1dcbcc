import Foundation
import Testing

/// Colours keep the contrast of WCAG AA in both schemes, computed from the style sheet.
struct ContrastTests {
  static let text = ["ink", "muted", "link", "accent", "good", "bad", "warm", "keyword", "number"]
  static let backgrounds = ["paper", "raised", "code", "warm-back", "cool-back"]

  @Test(arguments: [0, 1])
  func `text is readable on every background`(scheme: Int) throws {
    let colours = try Self.schemes()[scheme]
    for text in Self.text {
      for background in Self.backgrounds {
        let ratio = try Self.contrast(#require(colours[text]), #require(colours[background]))
        #expect(ratio >= 4.5, "\(text) on \(background): \(ratio)")
      }
    }
  }

  @Test(arguments: [0, 1])
  func `borders of controls and the focus ring can be seen`(scheme: Int) throws {
    let colours = try Self.schemes()[scheme]
    for line in ["edge", "focus"] {
      let ratio = try Self.contrast(#require(colours[line]), #require(colours["paper"]))
      #expect(ratio >= 3, "\(line): \(ratio)")
    }
  }

  /// The colours of the light scheme, and those of the dark one.
  static func schemes() throws -> [[String: Int]] {
    let sheet = try #require(try BuiltSite.sample.get().files["assets/style.css"])
    let parts = sheet.split(separator: "@media (prefers-color-scheme: dark)", maxSplits: 1)
    try #require(parts.count == 2)
    let dark = try #require(parts[1].split(separator: "@media print").first)
    return [parts[0], dark].map { part in
      var colours: [String: Int] = [:]
      for match in part.matches(of: #/--([a-z-]+): #([0-9a-f]{6});/#) {
        colours[String(match.1)] = Int(match.2, radix: 16)
      }
      return colours
    }
  }

  static func contrast(_ first: Int, _ second: Int) -> Double {
    let values = [luminance(first), luminance(second)].sorted()
    return (values[1] + 0.05) / (values[0] + 0.05)
  }

  private static func luminance(_ colour: Int) -> Double {
    let parts = [16, 8, 0].map { shift -> Double in
      let value = Double((colour >> shift) & 0xFF) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }
}
