import Foundation
import Testing

/// `fencelab compare`, as a maintainer would use it.
struct CompareCommandTests {
  private static let checkout = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private struct Sheet: Decodable {
    struct Table: Decodable {
      struct Row: Decodable {
        struct Cell: Decodable {
          let column: String
          let text: String
          let command: String
        }
        let design: String
        let cells: [Cell]
      }
      let rows: [Row]
    }
    let version: Int
    let table: Table
  }

  @Test func `a table has every design, and its commands make the cells again`() throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run("compare", "whose-lock", "--format", "json")
    #expect(ending.status == 0, "\(ending.errors)")
    let sheet = try JSONDecoder().decode(Sheet.self, from: Data(ending.output.utf8))
    #expect(sheet.version == 1 && sheet.table.rows.count == 5)
    let cells = sheet.table.rows.flatMap(\.cells)
    #expect(cells.allSatisfy { !$0.text.isEmpty })
    for cell in cells.prefix(4) {
      let words = cell.command.split(separator: " ").dropFirst().map(String.init)
      let again = try program.run(arguments: words)
      #expect(again.output.contains(cell.text), "\(cell.command): \(again.output)")
    }
  }

  @Test func `a failing cell shows its schedule, and its name performs it again`() throws {
    let program = try Program()
    defer { program.remove() }
    let cell = ["compare", "whose-lock", "--design", "external-uncounted", "--column", "close"]
    let shown = try program.run(arguments: cell)
    #expect(shown.status == 0 && shown.output.contains("✗ external-uncounted, close: use after"))
    let line = try #require(
      shown.output.split(separator: "\n").first { $0.hasPrefix("again: fencelab ") })
    let words = line.split(separator: " ").dropFirst(2).map(String.init)
    let again = try program.run(arguments: words)
    #expect(again.status == 0 && again.output.contains("✗ use after free"), "\(again)")
    let other = try program.run(arguments: words.dropLast() + ["00000000.1Ab"])
    #expect(other.status == 1 && other.errors.contains("Refused at step 0"), "\(other)")
  }

  @Test func `a page's table is Markdown, and what was not measured says so`() throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run(
      "compare", "signal-with-error", "--format", "markdown", "--column", "late")
    #expect(ending.output.contains("| mandatory-argument: "), "\(ending)")
    #expect(ending.output.contains("| passed, all "))
    let elsewhere = try program.run("compare", "signal-with-error", "--column", "native")
    #expect(elsewhere.output.contains("not recorded"), "\(elsewhere)")
    let native = try program.run(
      "compare", "signal-with-error", "--column", "native", in: Self.checkout.path)
    #expect(native.output.contains("Native costs: "), "\(native)")
  }

  @Test func `a claim is counted by its command`() throws {
    let program = try Program()
    defer { program.remove() }
    let ending = try program.run("compare", "cache-line-costs", "--claim", "barriers")
    #expect(ending.status == 0 && ending.output.contains("✓ barriers invalidate no line"))
    let other = try program.run("compare", "whose-lock", "--claim", "barriers")
    #expect(other.status != 0 && other.errors.contains("has no claim barriers"), "\(other)")
  }

  @Test func `the page of each debate names its command`() throws {
    let program = try Program()
    defer { program.remove() }
    let pages = Self.checkout.appending(path: "Documentation/Debates")
    let help = try program.run("compare", "--help").output
    for page in try FileManager.default.contentsOfDirectory(atPath: pages.path)
    where page.hasSuffix(".md") && page != "README.md" {
      let name = String(page.dropLast(3))
      let text = try String(contentsOf: pages.appending(path: page), encoding: .utf8)
      #expect(text.contains("\nfencelab compare \(name)\n"), "\(page)")
      #expect(help.contains(name), "\(page)")
      let ending = try program.run("compare", name, "--column", "steps")
      #expect(ending.status == 0 && ending.output.contains("steps of the machine"), "\(ending)")
    }
  }

  @Test func `an unknown debate, design or column is refused with the known ones`() throws {
    let program = try Program()
    defer { program.remove() }
    let debate = try program.run("compare", "whose-spinlock")
    #expect(debate.status != 0 && debate.errors.contains("whose-lock, operations-under-rcu"))
    let design = try program.run("compare", "signaled-bit", "--design", "mine")
    #expect(design.status != 0 && design.errors.contains("hazard-pointer"))
    let column = try program.run("compare", "signaled-bit", "--column", "price")
    #expect(column.status != 0 && column.errors.contains("callbacks-weak"))
  }
}
