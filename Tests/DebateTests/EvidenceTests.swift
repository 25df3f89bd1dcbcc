import Debates
import Explorer
import Foundation
import Testing

/// What each design comes to, filled in once for all tests.
private let tables = Debate.all.map { Comparison($0).table() }

struct EvidenceTests {
  /// The verdicts that the documentation relies on: by debate and design, in the order of the
  /// workloads, sequential before weak.
  private static let verdicts: [String: [String: [Verdict]]] = [
    "whose-lock": [
      "inline-flag": [.passed, .passed],
      "external-uncounted": [.useAfterFree, .useAfterFree],
      "external-counted": [.passed, .passed],
      "null-test": [.expectationFailed, .expectationFailed],
      "inline-beside": [.passed, .passed],
    ],
    "operations-under-rcu": [
      "detach-and-wait": [
        .passed, .passed, .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree,
      ],
      "naked-pointer": [
        .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree,
      ],
      "module-pinned": [.passed, .passed, .passed, .passed, .useAfterFree, .useAfterFree],
      "detach-without-waiting": [
        .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree,
      ],
      "names-by-flag": [
        .passed, .expectationFailed, .useAfterFree, .useAfterFree, .passed, .passed,
      ],
    ],
    "the-signaled-bit": [
      "lockless": [
        .useAfterFree, .useAfterFree, .useAfterFree, .useAfterFree, .passed, .passed,
      ],
      "under-the-lock": [.passed, .passed, .passed, .passed, .deadlock, .deadlock],
      "lock-unless-signaled": [
        .useAfterFree, .useAfterFree, .passed, .passed, .deadlock, .passed,
      ],
      "after-callbacks": [.passed, .passed, .useAfterFree, .useAfterFree, .passed, .passed],
      "lockless-then-lock": [
        .passed, .passed, .useAfterFree, .useAfterFree, .passed, .deadlock,
      ],
      "hazard-pointer": [.passed, .passed, .passed, .passed, .deadlock, .endlessWait],
    ],
    "what-a-cache-line-costs": [
      "flag-load": [
        .passed, .passed, .dataRace, .dataRace, .useAfterFree, .useAfterFree,
      ],
      "flag-beside-writes": [
        .passed, .passed, .dataRace, .dataRace, .useAfterFree, .useAfterFree,
      ],
      "lock-and-test": [.passed, .passed, .passed, .passed, .useAfterFree, .useAfterFree],
      "get-test-put": [
        .passed, .passed, .dataRace, .dataRace, .expectationFailed, .expectationFailed,
      ],
      "test-under-rcu": [.passed, .passed, .dataRace, .dataRace, .passed, .passed],
      "per-cpu-copy": [
        .passed, .passed, .dataRace, .dataRace, .useAfterFree, .useAfterFree,
      ],
    ],
    "signal-with-error": [
      "separate-call": [.expectationFailed, .expectationFailed],
      "mandatory-argument": [.passed, .passed],
      "check-and-signal": [.expectationFailed, .expectationFailed],
      "lock-around-both": [.passed, .passed],
    ],
  ]

  @Test func `every design comes to the verdicts that are known of it`() {
    for table in tables {
      for row in table.rows {
        let found = row.cells.compactMap { $0.report?.verdict }
        let known = Self.verdicts[table.debate]?[row.design]
        #expect(found == known, "\(table.debate), \(row.design)")
      }
    }
  }

  @Test func `every cell of every table says something and how to get it again`() {
    for table in tables {
      #expect(table.rows.count > 3 && table.columns.count > 7)
      for row in table.rows {
        #expect(row.cells.map(\.column) == table.columns.map(\.name))
        for cell in row.cells {
          #expect(!cell.text.isEmpty, "\(row.design), \(cell.column)")
          #expect(
            cell.command
              == "fencelab compare \(table.debate) --design \(row.design) --column \(cell.column)")
        }
      }
    }
  }

  @Test func `what passes was explored to the end, and what fails shows a schedule`() throws {
    for report in tables.flatMap(\.rows).flatMap(\.cells).compactMap(\.report) {
      if report.verdict == .passed {
        #expect(report.isExhaustive && report.executions > 0, "\(report)")
      } else {
        let failure = try #require(report.failure)
        #expect(!failure.steps.isEmpty && !failure.replay.isEmpty, "\(report)")
      }
    }
  }

  @Test func `one column alone comes to what the whole table says`() throws {
    for table in tables {
      let debate = try #require(Debate.named(table.debate))
      let row = try #require(table.rows.last)
      let cell = try #require(row.cells.first)
      let again = Comparison(debate).table(designs: [row.design], columns: [cell.column])
      #expect(again.rows.count == 1 && again.columns.count == 1)
      #expect(again.cell(row.design, cell.column)?.text == cell.text)
    }
  }

  @Test func `a failing schedule breaks the same rule when its name is replayed`() throws {
    for table in tables {
      let debate = try #require(Debate.named(table.debate))
      for row in table.rows {
        let design = try #require(debate.design(named: row.design))
        for cell in row.cells where cell.replay != nil {
          let failure = try #require(cell.report?.failure)
          let outcome = Comparison(debate).replay(
            failure.replay, of: design, column: cell.column)
          guard case .failed(let again) = outcome else {
            Issue.record("\(row.design), \(cell.column): \(String(describing: outcome))")
            continue
          }
          // Of locks in two orders, one execution can show the second half only.
          #expect(again.failure?.rule == failure.rule || failure.verdict == .lockOrder)
        }
      }
    }
  }

  @Test func `the one line in which a design differs from its twin changes a cell`() throws {
    for table in tables {
      let debate = try #require(Debate.named(table.debate))
      for design in debate.designs {
        let twin = try #require(debate.design(named: design.twin.name))
        #expect(twin.name != design.name && !design.twin.difference.isEmpty)
        let found = table.columns.map(\.name).filter { $0 != "remember" && $0 != "native" }
        let differing = found.filter {
          table.cell(design.name, $0)?.text != table.cell(twin.name, $0)?.text
        }
        #expect(!differing.isEmpty, "\(design.name) and \(twin.name)")
      }
    }
  }

  @Test func `without the recorded costs every other cell says the same`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for bare in tables {
      let debate = try #require(Debate.named(bare.debate))
      let file = root.appending(path: "Lessons/NativeCosts/\(debate.name).json")
      let record = try JSONDecoder().decode(NativeRecord.self, from: Data(contentsOf: file))
      #expect(record.debate == debate.name && record.provenance != nil)
      let known = record.timings.map(\.design) + record.absences.keys
      #expect(Set(known) == Set(debate.designs.map(\.name)), "\(debate.name)")
      #expect(record.timings.allSatisfy { $0.low <= $0.median && $0.median <= $0.high })
      #expect(bare.native == nil)
      let costs = Comparison(debate, native: record).table(columns: ["native"])
      #expect(costs.native == record.provenance)
      for row in bare.rows {
        let open = row.cells.filter { !$0.isMeasured }.map(\.column)
        // The one design that breaks before its lines can be counted.
        let breaks = row.design == "null-test"
        #expect(open == (breaks ? ["transfers", "native"] : ["native"]), "\(row.design)")
        let cell = try #require(costs.cell(row.design, "native"))
        #expect(cell.isMeasured || cell.text.hasPrefix("none: "), "\(row.design): \(cell.text)")
      }
    }
  }

  @Test func `a claim about numbers is counted anew by its own command`() throws {
    let debate = try #require(Debate.named("cache-line-costs"))
    let claims = Comparison(debate).claims()
    #expect(claims.count == CacheLineClaim.all().count && claims.allSatisfy(\.claim.holds))
    let one = try #require(Comparison(debate).claims("ping-pong").first)
    #expect(one.command == "fencelab compare what-a-cache-line-costs --claim ping-pong")
  }

  @Test func `upstream's design leads each table, and each debate has a page`() {
    for debate in Debate.all {
      #expect(debate.designs.first?.origin == .upstream)
      #expect(Set(debate.designs.map(\.name)).count == debate.designs.count)
      let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Documentation/Debates/\(debate.name).md")
      #expect(FileManager.default.fileExists(atPath: page.path), "\(debate.name)")
    }
  }

  @Test func `a debate is found by its name and without its article`() {
    #expect(Debate.named("the-signaled-bit")?.name == "the-signaled-bit")
    #expect(Debate.named("signaled-bit")?.name == "the-signaled-bit")
    #expect(Debate.named("whose") == nil)
    #expect(Debate.named("whose-lock")?.design(named: "mine") == nil)
  }
}
