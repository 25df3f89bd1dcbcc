import Explorer
import Kernel
import Machine
import Testing

/// The native read sections and grace periods themselves, access by access, in weak memory.
struct NativeRCUModelTests {
  private struct Record: ~Copyable {
    let content = Cell<UInt32>(0)
  }

  /// Explores a reader that follows a pointer, and a writer that takes it away and frees.
  ///
  /// - Parameters:
  ///   - sectionsAfter: How many empty sections the reader runs after that.
  ///   - waits: Whether the writer waits for a grace period.
  ///   - prepare: Runs before both.
  private func explored(
    sectionsAfter: Int = 0, nests: Bool = false, waits: Bool = true,
    prepare: @escaping @Sendable () -> Void = {}
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = .weak
    options.opensPrimitives = true
    return explore("a reader and a writer", options: options) { lab in
      prepare()
      let place = lab.allocate(Word<Object<Record>?>(nil))
      let old = lab.allocate(Record())
      RCU.assign(old, to: place.record)
      lab.thread("reader", cpu: 0) {
        RCU.withReadLock {
          if nests { RCU.withReadLock {} }
          if let found = RCU.dereference(place.record) { _ = found.record.content.value }
        }
        for _ in 0..<sectionsAfter { RCU.withReadLock {} }
      }
      lab.thread("writer", cpu: 1) {
        // relaxed: the grace period orders.
        place.record.store(nil, .relaxed)
        if waits { RCU.synchronize() }
        lab.free(old)
      }
      lab.finally { lab.free(place) }
    }
  }

  @Test func `a grace period covers the section that was there first`() {
    #expect(explored().verdict == .passed)
    #expect(explored(waits: false).verdict == .useAfterFree)
  }

  @Test func `the end of an inner section is not the end`() {
    #expect(explored(nests: true).verdict == .passed)
  }

  @Test func `a look that finds a later section knows that the first one is over`() {
    let report = explored(sectionsAfter: 2)
    #expect(report.verdict == .passed)
    #expect(report.executions > 500)
  }

  @Test(arguments: [false, true])
  func `readers with barriers of their own are covered`(waitersToo: Bool) {
    let report = explored { RCU.makeReadersUseBarriers(waitersToo: waitersToo) }
    #expect(report.verdict == .passed)
    #expect(report.executions > 1)
  }
}
