internal import Explorer
internal import Fences
internal import Kernel
internal import Machine

extension Debate {
  /// What a look at a signaled fence costs, and what it is worth.
  public static let whatACacheLineCosts = Debate(
    name: "what-a-cache-line-costs",
    question: """
      Does it matter to anybody that asking a signaled fence only reads, where a lock would \
      write?
      """,
    workloads: lookWorkloads,
    probe: Probe("a look at a signaled fence", lookProbe(.flagLoad)), designs: lookDesigns,
    measures: [.steps] + StubPlacement.allCases.map(misses) + [.native, .remember],
    claims: { CacheLineClaim.all() })

  /// Misses of a settled look in one placement.
  private static func misses(_ placement: StubPlacement) -> Measure {
    Measure(
      name: placement.columnName, title: "misses, \(placement.title)",
      meaning: { _ in
        "lines that a settled look lacks, and in parentheses cycles of stall; \(placement.title)"
      },
      value: { design, _, _ in
        let cost = StubWorkload(StubLook(design), placement).settled
        return Measure.Value(text: "\(cost.misses) (\(cost.stallCycles))")
      })
  }

  private static let lookWorkloads: [Workload] = [
    Workload("told-yes", "a stub says yes to everybody") { lookTogether($0, .flagLoad) },
    Workload("result", "told yes, whoever looks may use the result") {
      lookForResult($0, .flagLoad)
    },
    Workload("unreferenced", "a look needs no reference to a fence that may be dropped") {
      lookUnreferenced($0, .flagLoad)
    },
  ]

  // MARK: - Designs

  private static let lookDesigns: [Design] = [
    look(
      .flagLoad, "reads the bit", .upstream,
      """
      Yes orders nothing and keeps nothing: who wants the result needs a barrier, and who wants \
      the fence a reference or a read section.
      """, twin: (.testUnderRCU, "the pointer is not followed in a read section")),
    look(
      .flagBesideWrites, "reads the bit, while others take references", .upstream,
      "A fence that is looked at often and passed around often pays for the neighbours.",
      twin: (.flagLoad, "somebody writes to the count beside the bit")),
    look(
      .lockAndTest, "reads the bit under the fence's lock", .proposed,
      "Every look writes to the line, though nobody waits for the lock.",
      twin: (.flagLoad, "the lock is taken around the load")),
    look(
      .getTestPut, "takes a reference, reads the bit, drops it", .drivers,
      """
      Two updates a look; the first needs a reference already, or a read section and a count that \
      is not zero.
      """, twin: (.flagLoad, "a reference is taken around the load")),
    look(
      .testUnderRCU, "follows the pointer in a read section and reads the bit", .upstream,
      "The section must not sleep, and yes still orders nothing.",
      twin: (.flagLoad, "the pointer is followed in a read section")),
    look(
      .perCPUCopy, "reads a word of its own, once it was told yes", .reconstruction,
      "Only because a fence never goes back: the copy is never wrong, and never says no again.",
      twin: (.flagBesideWrites, "what the bit said is kept in a word of the CPU's own")),
  ]

  private static func look(
    _ look: StubLook, _ summary: String, _ origin: Design.Origin, _ remember: String,
    twin: (look: StubLook, difference: String)
  ) -> Design {
    Design(
      name: look.designName, summary: summary, origin: origin, remember: remember,
      twin: (twin.look.designName, twin.difference),
      forms: [
        "told-yes": { lookTogether($0, look) }, "result": { lookForResult($0, look) },
        "unreferenced": { lookUnreferenced($0, look) },
      ], probe: lookProbe(look))
  }

  private static func lookProbe(_ look: StubLook) -> Probe.Operation {
    { lab in
      let stub = Stub(Fence.stub())
      let copy = lab.allocate(Word<UInt>(0))
      lab.finally {
        stub.put()
        stub.close()
        lab.free(copy)
      }
      return { _ = look.perform(stub, copy) }
    }
  }

  // MARK: - Workloads

  /// Two CPUs look at one stub; where the look is beside writes, a third takes references.
  private static func lookTogether(_ lab: Lab, _ look: StubLook) {
    let stub = Stub(Fence.stub())
    let copies = (0..<2).map { _ in lab.allocate(Word<UInt>(0)) }
    for cpu in 0..<2 {
      lab.thread("looker \(cpu)", cpu: cpu) {
        lab.expect(look.perform(stub, copies[cpu]), "a stub is signaled")
      }
    }
    if look.hasBystander {
      lab.thread("bystander", cpu: 2) {
        stub.get()
        stub.put()
      }
    }
    lab.finally {
      stub.put()
      stub.close()
      for copy in copies { lab.free(copy) }
    }
  }

  /// A fence that is signaled meanwhile, and a result that is written before.
  private static func lookForResult(_ lab: Lab, _ look: StubLook) {
    let result = lab.allocate(Cell<UInt64>(0))
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    let stub = Stub(fence)
    let copy = lab.allocate(Word<UInt>(0))
    lab.thread("device", cpu: 0) {
      result.record.value = 7
      fence.signal()
    }
    lab.thread("looker", cpu: 1) {
      if look.perform(stub, copy) {
        lab.expect(result.record.value == 7, "whoever is told yes finds the result")
      }
    }
    lab.finally {
      fence.put()
      stub.close()
      lab.free(copy)
      lab.free(result)
    }
  }

  /// A signaled fence whose owner withdraws it and drops the last reference.
  private static func lookUnreferenced(_ lab: Lab, _ look: StubLook) {
    let fence = Fence.make(operations: names, context: 1, seqno: 1)
    fence.signal()
    let stub = Stub(fence)
    let copy = lab.allocate(Word<UInt>(0))
    lab.thread("owner", cpu: 0) {
      stub.withdraw()
      fence.put()
    }
    lab.thread("looker", cpu: 1) {
      // Under RCU the look itself finds the fence.
      let found = look == .testUnderRCU ? stub : stub.found
      if let found { _ = look.perform(found, copy) }
    }
    lab.finally {
      stub.close()
      lab.free(copy)
    }
  }
}

extension StubLook {
  /// As the table calls it.
  fileprivate var designName: String {
    switch self {
    case .flagLoad: "flag-load"
    case .flagBesideWrites: "flag-beside-writes"
    case .lockAndTest: "lock-and-test"
    case .getTestPut: "get-test-put"
    case .testUnderRCU: "test-under-rcu"
    case .perCPUCopy: "per-cpu-copy"
    }
  }

  /// The look that a design of this debate is.
  fileprivate init(_ design: Design) {
    guard let look = Self.allCases.first(where: { $0.designName == design.name }) else {
      preconditionFailure("\(design.name) is no look")
    }
    self = look
  }
}

extension StubPlacement {
  /// As the command line calls it.
  fileprivate var columnName: String {
    switch self {
    case .shared: "shared"
    case .sharedPadded: "shared-padded"
    case .privatePacked: "private-packed"
    case .privatePadded: "private-padded"
    }
  }
}
