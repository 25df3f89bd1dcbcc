import Explorer
import Kernel
import Machine
import Testing

@Suite(.serialized)
struct SlabTests {
  @Test func `type-safe memory comes back as its last user left it`() {
    let slab = Slab<Cell<UInt32>>.make(isTypeSafe: true) { Cell(7) }
    let first = slab.allocate()
    #expect(first?.record.value == 7)
    first?.record.value = 9
    if let first { slab.free(first) }
    let second = slab.allocate()
    #expect(second == first && second?.record.value == 9)
    if let second { slab.free(second) }
    slab.destroy()
    RCU.barrier()
  }

  @Test func `freeing twice and ending too early are warned about`() {
    let slab = Slab<Cell<UInt64>>.make(isTypeSafe: true) { Cell(0) }
    guard let one = slab.allocate(), let other = slab.allocate() else { return }
    slab.free(one)
    let log = WarningLog()
    log.collect {
      slab.free(one)
      slab.destroy()
    }
    _ = other
    #expect(
      log.messages == [
        "a record of a slab was freed twice", "a slab ended while records were in use",
      ])
    RCU.barrier()
  }
}

/// Slabs in every interleaving.
@Suite(.serialized)
struct SlabModelTests {
  @Test func `a type-safe record may be looked at after it was freed, another one may not`() {
    for isTypeSafe in [true, false] {
      let report = explore("slab") { lab in
        let slab = Slab<Word<UInt32>>.make(isTypeSafe: isTypeSafe) { Word(0) }
        guard let record = slab.allocate() else { return slab.destroy() }
        lab.thread("reader", cpu: 0) { RCU.withReadLock { _ = record.record.load(.relaxed) } }
        lab.thread("owner", cpu: 1) { slab.free(record) }
        lab.finally { slab.destroy() }
      }
      #expect(report.verdict == (isTypeSafe ? .passed : .useAfterFree), "\(report)")
    }
  }

  @Test func `an address is used again, or it is not`() {
    let report = explore("slab reuse") { lab in
      let slab = Slab<Cell<UInt32>>.make(isTypeSafe: true) { Cell(0) }
      lab.thread("user", cpu: 0) {
        guard let first = slab.allocate() else { return lab.outcome("no memory") }
        slab.free(first)
        guard let second = slab.allocate() else { return lab.outcome("no memory") }
        lab.outcome(first == second ? "same" : "other")
        slab.free(second)
      }
      lab.finally { slab.destroy() }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(Set((report.outcomes ?? []).map(\.outcome)) == ["same", "other", "no memory"])
  }
}
