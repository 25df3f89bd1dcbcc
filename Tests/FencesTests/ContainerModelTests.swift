import Explorer
import Fences
import Kernel
import Machine
import Testing

/// Arrays in every interleaving.
@Suite(.serialized)
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
