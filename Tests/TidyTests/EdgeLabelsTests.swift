import Testing

struct EdgeLabelsTests {
  private func file(_ text: String, _ path: String = "Sources/Fences/A.swift") -> SourceFile {
    SourceFile(path, text)
  }

  private let publish = """
    func signal() {
      // release[fence.publish] → acquire in Fence.isSignaled. Hands over the result.
      flags.set(.signaled, .release, edge: "fence.publish")
    }
    """
  private let observe = """
    var isSignaled: Bool {
      // acquire[fence.publish] ← release in Fence.signal(). Sees the result.
      flags.test(.signaled, .acquire, edge: "fence.publish")
    }
    """

  @Test(arguments: [
    "flags.test(.signaled, .acquire)",
    "flags.test(.signaled, .acquire, edge: \"fence.publish\")",
    "// acquire[fence.publish]\nflags.test(.signaled, .acquire, edge: \"fence.publish\")",
    "// acquire[other] ← release in A.b(). Why.\nword.load(.acquire, edge: \"fence.publish\")",
    "// release[a.b] ← release in A.b(). Why.\nword.load(.acquire, edge: \"a.b\")",
    "// acquire[a.b] ← release in A.b().\nword.load(.acquire, edge: \"a.b\")",
    "word.load(.relaxed)",
    "// relaxed: far away\n\n\n\nword.load(.relaxed)",
    "Machine.barrier(.write, edge: \"a.b\")",
    "// full[a.b] → read in A.b(). Why.\nMachine.barrier(.write, edge: \"a.b\")",
    "// acquire[a.b] → release in A.b(). Why.\nword.load(.acquire, edge: \"a.b\")",
    "// release[a.b] ← acquire in A.b(). Why.\nword.store(1, .release, edge: \"a.b\")",
    "// full[a.b] → full in A.b(). Why.\nword.exchange(1, .full, edge: \"a.b\")",
    "// full[a.b] → release in A.b(). Why.\nword.exchange(1, .full, edge: \"a.b\")",
    "// full[a.b] ← acquire in A.b(). Why.\nword.exchange(1, .full, edge: \"a.b\")",
    "// acquire[a.b] ← release in A.b(). Why.\nword.load(.dependency, edge: \"a.b\")",
    "Machine.barrierEverywhere()",
    "word.compareExchange(\n  old, with: new,\n  .full)",
  ])
  func `a site that does not say what it orders is found`(text: String) {
    #expect(unlabelledSites(in: file(text)).count == 1)
  }

  @Test(arguments: [
    "// acquire[a.b] ← release in A.b(). Why.\nflags.test(.signaled, .acquire, edge: \"a.b\")",
    "// release[a.b] → acquire in\n// A.b(). Why.\nword.store(1, .release, edge: \"a.b\")",
    "// write barrier[a.b] → read barrier in A.b(_:). Why.\nMachine.barrier(.write, edge: \"a.b\")",
    "// write[a.b] → read in A.b(_:). Why.\nMachine.barrier(.write, edge: \"a.b\")",
    "// dependency[a.b] ← release in A.b(). Why.\nword.load(.dependency, edge: \"a.b\")",
    "// full[a.b] ↔ full in A.b(). Why.\nword.exchange(1, .full, edge: \"a.b\")",
    "// full[a.b] ← release in A.b(). Why.\nword.exchange(1, .full, edge: \"a.b\")",
    "// full[a.b] → acquire in A.b(). Why.\nword.exchange(1, .full, edge: \"a.b\")",
    "word.load(.relaxed)  // relaxed: statistics only.",
    "Conductor.perform(.acquire(step))",
    "if table.has(.release) { members.insert(.acquire) }",
    "switch ordering { case .acquire: a(); case .full: b() }",
    "let name = \"word.load(.acquire)\"",
    "func load(_ ordering: LoadOrdering = .relaxed) {}",
  ])
  func `a site that says it is fine`(text: String) {
    #expect(unlabelledSites(in: file(text)).isEmpty)
  }

  @Test func `other floors need no labels`() {
    #expect(unlabelledSites(in: file("word.load(.acquire)", "Sources/Explorer/A.swift")).isEmpty)
  }

  @Test func `an edge with one end is an orphan`() {
    #expect(orphanEdges(in: [file(publish)]).count == 1)
    #expect(orphanEdges(in: [file(publish), file(publish, "Sources/Fences/B.swift")]).count == 2)
    #expect(orphanEdges(in: [file(publish), file(observe, "Sources/Fences/B.swift")]).isEmpty)
  }

  @Test func `a partner that is named wrongly is found`() {
    let elsewhere = observe.replacing("Fence.signal()", with: "Fence.publish()")
    #expect(orphanEdges(in: [file(publish + "\n" + elsewhere)]).count == 1)
    let otherKind = observe.replacing("← release", with: "← full")
    #expect(orphanEdges(in: [file(publish + "\n" + otherKind)]).count == 1)
    #expect(orphanEdges(in: [file(publish + "\n" + observe)]).isEmpty)
  }

  @Test func `a full update may be its own partner`() {
    let put = """
      func put() {
        // full[reference.last] ↔ full in Fence.put(). The last one sees what the others wrote.
        count.fetchSubtract(1, .full, edge: "reference.last")
      }
      """
    #expect(orphanEdges(in: [file(put)]).isEmpty)
    #expect(orphanEdges(in: [file(put.replacing("full", with: "release"))]).count == 1)
  }

  @Test func `a dependency observes a release`() {
    let assign = """
      func assign() {
        // release[rcu.publish] → address dependency in RCU.dereference(_:). The record is complete.
        word.store(record, .release, edge: "rcu.publish")
      }
      """
    let dereference = """
      func dereference() {
        // relaxed: the address dependency orders what is read through it.
        word.load(.relaxed)
      }
      """
    #expect(orphanEdges(in: [file(assign + "\n" + dereference)]).isEmpty)
    let careless = dereference.replacing("the address dependency", with: "nothing")
    #expect(orphanEdges(in: [file(assign + "\n" + careless)]).count == 1)
  }

  @Test func `every operation of the machine that takes an edge is known`() {
    let known = OrderingVocabulary.operations + OrderingVocabulary.barriers
    for file in Repository.swiftFiles where file.target == "Machine" {
      for declaration in file.declarations {
        let signature = declaration.lines.lowerBound...file.line(at: declaration.body.lowerBound)
        let text = signature.map { file.line($0, of: \.code) }.joined()
        guard text.contains("public"), text.contains("edge: Edge") else { continue }
        #expect(known.contains(declaration.name) || declaration.name == "init")
      }
    }
  }

  @Test func `every site of the house says what it orders`() {
    expectTidy(Repository.swiftFiles.flatMap(unlabelledSites))
  }

  @Test func `every edge of the house has two ends`() {
    expectTidy(orphanEdges(in: Repository.swiftFiles))
  }
}
