import CacheModel
import Machine
import Testing

/// Addresses that are never touched: the model uses them only to tell words apart.
private let record: UInt = 0x10000

private func model(cpuCount: Int = 2, alignment: Int = 64) -> CacheModel {
  let model = CacheModel(CacheMachine(cpuCount: cpuCount))
  model.name([("flag", 0), ("count", 8), ("far", 64)], of: "Record")
  model.place(record, bytes: 72, alignment: alignment, type: "Record", as: "record")
  return model
}

@Test func `a written neighbour is named where a flag is missed`() {
  let model = model()
  model.read(record, by: 0)
  model.update(record + 8, by: 1)
  model.read(record, by: 0)
  let report = model.report
  #expect(report.counts(of: "flag", in: "record").falseSharingMisses == 1)
  let pair = report.falseSharing.first
  #expect(report.falseSharing.count == 1)
  #expect(pair?.missed == "record.flag" && pair?.written == "record.count")
  #expect(pair?.line == 0 && pair?.misses == 1)
}

@Test func `a written word that is missed is no false sharing`() {
  let model = model()
  model.read(record, by: 0)
  model.update(record + 8, by: 1)
  model.update(record, by: 1)
  model.read(record, by: 0)
  #expect(model.report.falseSharing == [])
  #expect(model.report.total.transfers == 2)
}

@Test func `a field on a line of its own misses nothing`() {
  let model = model()
  model.read(record, by: 0)
  model.update(record + 64, by: 1)
  model.read(record, by: 0)
  #expect(model.report.total.transfers == 0)
  #expect(model.report.total.invalidations == 0)
  #expect(model.report.lines == [0, 1])
}

@Test func `counts of a trace computed by hand`() {
  let model = model()
  model.read(record, by: 0)  // memory: stalls 250 - 4
  model.read(record, by: 1)  // from cpu 0: stalls 100 - 4
  model.update(record, by: 0)  // takes cpu 1's copy: stalls 60 - 4
  model.read(record, by: 1)  // from cpu 0, written back: stalls 120 - 4
  model.read(record, by: 1)  // a hit
  let flag = model.report.counts(of: "flag", in: "record")
  #expect(flag.reads == 4 && flag.writes == 1 && flag.hits == 1)
  #expect(flag.readsForOwnership == 1 && flag.invalidations == 1 && flag.updates == 1)
  #expect(flag.transfers == 2 && flag.fills == 1 && flag.misses == 3)
  #expect(model.report.cpus.map(\.accesses) == [2, 3])
  #expect(model.report.cpus.map(\.transfers) == [0, 2])
  #expect(flag.stallCycles == 246 + 96 + 56 + 116)
  #expect(model.report.cycles == [250 + 60, 100 + 120 + 4])
}

@Test func `a store waits in the buffer and an update waits for it`() {
  let stored = model()
  stored.read(record, by: 1)
  stored.write(record, by: 0)
  #expect(stored.report.counts(of: "flag", in: "record").stallCycles == 246, "the read's alone")
  stored.update(record + 64, by: 0)
  // The store takes 100 from cycle 0; the CPU is at 4; then the line comes from memory.
  #expect(stored.report.counts(of: "far", in: "record").stallCycles == 96 + 246)
}

@Test func `a full store buffer stalls`() {
  var machine = CacheMachine(cpuCount: 1)
  machine.storeBufferCount = 2
  let model = CacheModel(machine)
  for word in 0..<2 { model.write(UInt(0x1000 + 8 * word), by: 0) }
  #expect(model.report.total.stallCycles == 0)
  model.write(0x2000, by: 0)
  // The first store has its line at cycle 250; the CPU is at 8.
  #expect(model.report.total.stallCycles == 242)
}

@Test func `a barrier waits for its own stores and invalidates nothing`() {
  let (plain, ordered) = (model(), model())
  for (model, hasBarriers) in [(plain, false), (ordered, true)] {
    for _ in 0..<10 {
      model.read(record, by: 0)
      if hasBarriers { model.barrier(by: 0) }
      model.read(record, by: 1)
      if hasBarriers { model.barrier(by: 1) }
    }
  }
  #expect(plain.report.fields == ordered.report.fields)
  #expect(plain.report.cycles == ordered.report.cycles)
  #expect(ordered.report.barriers == 20)
  ordered.write(record, by: 0)
  ordered.barrier(by: 0)
  #expect(ordered.report.barrierStallCycles == 56, "60 for the right to write, less the store's 4")
  #expect(ordered.report.total.invalidations == 1, "the store's, not the barrier's")
}

@Test func `equal programs use equal lines wherever their memory lies`() {
  var reports: [CacheReport] = []
  for base: UInt in [0x4000, 0x123_4568] {
    let model = CacheModel(CacheMachine(cpuCount: 2))
    for object in 0..<3 {
      model.place(
        base + UInt(24 * object), bytes: 24, alignment: 8, type: "Slot", as: "slot \(object)")
    }
    for object in 0..<3 { model.update(base + UInt(24 * object), by: object % 2) }
    reports.append(model.report)
  }
  #expect(reports[0] == reports[1])
  #expect(reports[0].lines == [0], "three slots of 24 bytes begin in one line")
}

@Test func `the report names fields and neighbours`() {
  let model = model()
  model.read(record, by: 0)
  model.update(record + 8, by: 1)
  model.read(record, by: 0)
  #expect(
    model.report.description == """
      line  field                      reads  writes     own    lost   moved  stalls
      0  record.flag                       2       0       0       0       1     362
      0  record.count                      0       1       1       1       1      96
      all                                  2       1       1       1       2     458
      line 0: record.flag missed 1 times because of record.count
      """)
}
