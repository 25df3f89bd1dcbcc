import Testing
import Timeline

@Test func `a schedule reads downwards with one column per cpu`() {
  #expect(
    Samples.schedule.text() == """
          cpu 0 · signaler                    │ cpu 1 · waiter                  │ where
      ────────────────────────────────────────┼─────────────────────────────────┼─────────────────────────
       1    let flags = lock.lockIRQSave()    │                                 │ Fence+Signaling.swift:41
       2    flags.set(.signaled)              │                                 │ Fence+Signaling.swift:47
       3                                      │   spin(until: fence.isSignaled) │ Exercise.swift:12
       4                                      │ ● lab.free(record)              │ Exercise.swift:13
       5  ✗ callback.function(fence, callbac… │                                 │ Fence+Signaling.swift:61

      """)
}

@Test func `a narrow schedule in ASCII keeps marks and line numbers`() {
  #expect(
    Samples.schedule.text(TextOptions(columns: 60, repertoire: .ascii)) == """
          cpu 0 . sign... | cpu 1 . waiter  | where
      --------------------+-----------------+---------------------
       1    let flags ... |                 | ...ignaling.swift:41
       2    flags.set(... |                 | ...ignaling.swift:47
       3                  |   spin(until... | Exercise.swift:12
       4                  | @ lab.free(r... | Exercise.swift:13
       5  X callback.f... |                 | ...ignaling.swift:61

      """)
}

@Test func `steps without location or mark get no columns for them`() {
  let table = LaneTable(
    lanes: ["cpu 0", "cpu 1"], rows: [LaneRow(lane: 0, text: "a"), LaneRow(lane: 1, text: "b")])
  #expect(
    table.text() == """
          cpu 0 │ cpu 1
      ──────────┼──────
       1  a     │
       2        │ b

      """)
}

@Test func `many cpus share one column of steps and are named beside it`() {
  let table = LaneTable(
    lanes: (0..<9).map { "cpu \($0)" },
    rows: [
      LaneRow(lane: 8, text: "store x", location: "A.swift:1"),
      LaneRow(lane: 3, text: "load x", location: "A.swift:2", mark: .violation),
    ])
  #expect(
    table.text() == """
          lane  │ step      │ where
      ──────────┼───────────┼──────────
       1  cpu 8 │   store x │ A.swift:1
       2  cpu 3 │ ✗ load x  │ A.swift:2

      """)
}

@Test func `a table without steps still has its titles`() {
  let text = LaneTable(lanes: ["cpu 0"], rows: []).text()
  #expect(text.hasPrefix("    cpu 0\n"))
}

@Test(arguments: [1, 2, 3, 5, 8, 40], [40, 77, 100])
func `no line of a table is wider than asked`(laneCount: Int, columns: Int) {
  for repertoire in [Repertoire.unicode, .ascii] {
    let rows = Hostile.texts.enumerated().map { index, text in
      LaneRow(
        lane: index % laneCount, text: text, location: text,
        mark: Mark.allCases[index % Mark.allCases.count])
    }
    let table = LaneTable(
      lanes: (0..<laneCount).map { Hostile.texts[$0 % Hostile.texts.count] }, rows: rows)
    let options = TextOptions(columns: columns, repertoire: repertoire)
    let lines = table.text(options).split(separator: "\n")
    #expect(lines.count == rows.count + 2)
    for line in lines {
      #expect(Hostile.columns(of: line) <= columns, "\(line)")
      #expect(Hostile.isHarmless(line), "\(line.debugDescription)")
    }
    for (line, row) in zip(lines.dropFirst(2), rows) {
      #expect(line.contains(row.mark?.sign(repertoire) ?? ""), "the mark is gone: \(line)")
    }
  }
}

@Test func `ASCII tables hold nothing but ASCII`() {
  let text = Samples.schedule.text(TextOptions(repertoire: .ascii))
  #expect(text.utf8.allSatisfy { $0 < 0x80 })
}

@Test func `styles add escape codes and change no character`() {
  let plain = Samples.schedule.text()
  let styled = Samples.schedule.text(TextOptions(styled: true))
  #expect(!plain.contains("\u{1B}"))
  #expect(styled.contains("\u{1B}[1;31m✗"))
  #expect(styled.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
}

@Test func `widths outside the limits are clamped`() {
  #expect(TextOptions(columns: 7).columns == Limits.columnCountMin)
  #expect(TextOptions(columns: 1_000).columns == Limits.columnCountMax)
}

@Test func `only lanes with a marked step give up columns for marks`() {
  let table = LaneTable(
    lanes: ["cpu 0", "cpu 1"],
    rows: [LaneRow(lane: 0, text: "a"), LaneRow(lane: 1, text: "b", mark: .violation)])
  #expect(
    table.text() == """
          cpu 0 │ cpu 1
      ──────────┼──────
       1  a     │
       2        │ ✗ b

      """)
}
