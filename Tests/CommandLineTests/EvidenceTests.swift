import Foundation
import Testing

/// What the pages of `Documentation/Debates` show, run again.
struct EvidenceTests {
  private static let debates = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Documentation/Debates")

  /// The pages by name, and the evidence by file name.
  private static func files(_ folder: String, _ kind: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: debates.appending(path: folder), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == kind }.sorted { $0.path < $1.path }
  }

  /// The one page that names a file of the evidence.
  private func page(naming file: URL) throws -> String {
    let pages = try Self.files(".", "md").map { try String(contentsOf: $0, encoding: .utf8) }
      .filter { $0.contains("Evidence/\(file.lastPathComponent)\n") }
    #expect(pages.count == 1, "\(file.lastPathComponent)")
    return try #require(pages.first)
  }

  private struct Sheet: Decodable {
    struct Entry: Decodable {
      let name: String
      let verdict: String
    }
    let explorations: [Entry]
  }

  @Test func `every scenario comes to the verdict on its page`() throws {
    let program = try Program()
    defer { program.remove() }
    let scenarios = try Self.files("Evidence", "swift")
    #expect(scenarios.count == 4)
    for scenario in scenarios {
      let page = try page(naming: scenario)
      let ending = try program.run("explore", scenario.path, "--format", "json")
      let sheet = try JSONDecoder().decode(Sheet.self, from: Data(ending.output.utf8))
      #expect(sheet.explorations.count > 1, "\(ending.errors)")
      for entry in sheet.explorations {
        #expect(page.contains("| \(entry.name) | \(entry.verdict) |\n"), "\(entry)")
      }
    }
  }

  @Test func `every litmus test is observed as its page says`() throws {
    let program = try Program()
    defer { program.remove() }
    let tests = try Self.files("Evidence", "litmus")
    #expect(tests.count == 4)
    for test in tests {
      let page = try page(naming: test)
      let ending = try program.run("litmus", test.path)
      let line = try #require(
        ending.output.split(separator: "\n").first { $0.hasPrefix("Observation ") })
      let words = line.split(separator: " ")
      #expect(page.contains("| \(words[1]) | \(words[2]) |\n"), "\(line)")
    }
  }
}
