import Explorer
import Fences
import Kernel
import Machine
import Testing

/// Arrays and chains in every interleaving.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ContainerModelTests {
  @Test(arguments: [FenceArray.Completion.all, .any])
  func `16 · two children signal at once, and the array is signaled once`(
    completion: FenceArray.Completion
  ) {
    let outcomes = Outcomes()
    let report = explore("an array and two signalers") { lab in
      guard let made = TwoChildren(completion) else { return }
      let counting = Counting()
      try? counting.add(to: made.array)
      for cpu in 0...1 {
        lab.thread("signaler \(cpu)", cpu: cpu) {
          made.fences[cpu].setError(Errno(kernelValue: -5 - Int32(cpu)))
          made.fences[cpu].signal()
        }
      }
      lab.finally {
        lab.expect(made.array.testSignaledFlag(), "the array is signaled in the end")
        lab.expect(counting.calls == 1, "its callback runs once")
        outcomes.note(UInt64(-made.array.status().kernelValue))
        counting.free()
        made.end()
      }
    }
    print("an array for \(completion): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(outcomes.set == [[5], [6]])
  }

  @Test func `16 · enabling races a child's signal`() {
    let report = explore("enabling an array") { lab in
      guard let made = TwoChildren(.all) else { return }
      made.fences[1].signal()
      lab.thread("waiter", cpu: 0) { made.array.enableSignaling() }
      lab.thread("signaler", cpu: 1) { made.fences[0].signal() }
      lab.finally {
        lab.expect(made.array.testSignaledFlag(), "the array is signaled in the end")
        made.end()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test func `16 · an array whose lock is of its children's class is reported`() {
    #expect(enabling(class: "Plain") == .lockOrder)
  }

  @Test func `16 · with a class of its own it is not`() {
    #expect(enabling(class: nil) == .passed)
  }

  private func enabling(class name: StaticString?) -> Verdict {
    let report = explore("the class of an array's lock") { lab in
      guard let made = TwoChildren(.all) else { return }
      if let name { for fence in made.fences + [made.array] { fence.setLockClass(name) } }
      lab.thread("waiter", cpu: 0) { made.array.enableSignaling() }
      lab.finally { made.end() }
    }
    return report.verdict
  }

  @Test func `17 · two walkers unlink one node once`() {
    let report = explore("two walkers") { lab in
      guard let nodes = ThreeNodes() else { return }
      nodes.fences[1].signal()
      for cpu in 0...1 {
        lab.thread("walker \(cpu)", cpu: cpu) {
          let found = FenceChain.walk(nodes.tail.get())
          lab.expect(found == nodes.first, "the oldest node is next")
          found?.put()
        }
      }
      lab.finally { nodes.end() }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test(arguments: [ExplorationOptions.Memory.sequential, .weak])
  func `17 · a release reads what a walker left behind`(memory: ExplorationOptions.Memory) {
    var options = ExplorationOptions()
    options.memory = memory
    let report = explore("release against walk", options: options) { lab in
      guard let nodes = ThreeNodes() else { return }
      nodes.fences[0].signal()
      let middle = nodes.middle.get()
      lab.thread("walker", cpu: 0) {
        FenceChain.walk(middle)?.put()
      }
      lab.thread("owner", cpu: 1) { nodes.end() }
    }
    print("release against walk, \(memory): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test func `17 · a node is signaled after its fence and all older ones`() {
    let report = explore("a chain and two signalers") { lab in
      guard let nodes = ThreeNodes() else { return }
      nodes.fences[0].signal()
      nodes.tail.enableSignaling()
      for number in 1...2 {
        lab.thread("signaler \(number)", cpu: number) { nodes.fences[number].signal() }
      }
      lab.finally {
        lab.expect(nodes.tail.testSignaledFlag(), "the node is signaled in the end")
        nodes.end()
      }
    }
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  // MARK: - Growth

  @Test func `releasing and walking a chain take steps in proportion to its length`() {
    let steps = [8, 16, 32].map { count in
      onlyExecution("a chain of \(count)") {
        var tail: Fence?
        let fence = Plain.fence()
        for number in 1...UInt64(count) {
          tail = FenceChain.make(previous: tail, fence: fence.get(), seqno: number)?.fence
        }
        tail?.forEachUnwrapped { _ in }
        tail?.put()
        fence.put()
      }
    }
    #expect(steps[2] - steps[1] == 2 * (steps[1] - steps[0]))
  }

  @Test func `merging takes n log n steps`() {
    let steps = [16, 64].map { count in
      onlyExecution("a merge of \(count)") {
        // Multiplying mixes the contexts, so that sorting has something to do.
        let fences = (1...UInt64(count)).map { Plain.fence(context: $0 &* 0x9e37_79b9 % 8191) }
        Fence.merge(fences)?.put()
        for fence in fences { fence.put() }
      }
    }
    // n log n grows sixfold from 16 to 64, n² sixteenfold.
    #expect(steps[1] < 8 * steps[0], "\(steps)")
  }

  /// The steps of the one execution in which no allocation fails.
  private func onlyExecution(_ name: String, _ body: @escaping @Sendable () -> Void) -> Int {
    var options = ExplorationOptions()
    options.executionsMax = 1
    return explore(name, options: options) { $0.thread("only", cpu: 0, body) }.steps
  }
}

/// An array over two fences that somebody else owns too.
struct TwoChildren: Sendable {
  let fences = [Plain.fence(context: 1), Plain.fence(context: 2)]
  let array: Fence

  /// - Returns: nil without memory.
  init?(_ completion: FenceArray.Completion) {
    let made = FenceArray.make(
      fences.map { $0.get() }, context: 50, seqno: 1, completion: completion)
    guard let made else {
      for fence in fences + fences { fence.put() }
      return nil
    }
    array = made.fence
  }

  func end() {
    for fence in fences { fence.signal() }
    for fence in fences + [array] { fence.put() }
  }
}

/// Three nodes; the fences belong to the test, and so does the last node.
struct ThreeNodes: Sendable {
  let fences = [1, 2, 3].map { Plain.fence(context: $0) }
  let first: Fence
  let middle: Fence
  let tail: Fence

  /// - Returns: nil without memory.
  init?() {
    var nodes: [Fence] = []
    for (number, fence) in fences.enumerated() {
      guard let node = FenceChain.allocate() else {
        nodes.last?.put()
        for fence in fences { fence.put() }
        return nil
      }
      node.initialise(previous: nodes.last, fence: fence.get(), seqno: UInt64(number + 1))
      nodes.append(node.fence)
    }
    (first, middle, tail) = (nodes[0], nodes[1], nodes[2])
  }

  func end() {
    for fence in fences { fence.signal() }
    tail.put()
    for fence in fences { fence.put() }
  }
}
