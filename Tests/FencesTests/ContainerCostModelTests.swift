import Explorer
import Fences
import Kernel
import Machine
import Testing

/// The class of an array's lock, and how the containers' work grows.
@Suite(.serialized)
struct ContainerCostModelTests {
  @Test func `16 · an array whose lock is of its children's class is reported`() {
    let report = enabling(class: "Plain")
    #expect(report.verdict == .lockOrder, "\(report)")
  }

  @Test func `16 · with a class of its own it is not`() {
    let report = enabling(class: nil)
    #expect(report.verdict == .passed, "\(report)")
  }

  private func enabling(class name: StaticString?) -> ExplorationReport {
    explore("the class of an array's lock") { lab in
      guard let made = TwoChildren(.all) else { return }
      if let name { for fence in made.fences + [made.array] { fence.setLockClass(name) } }
      lab.thread("waiter", cpu: 0) {
        made.array.enableSignaling()
        made.end()
      }
    }
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
