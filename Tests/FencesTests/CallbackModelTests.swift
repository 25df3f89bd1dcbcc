import Explorer
import Fences
import Kernel
import Machine
import Testing

/// Callbacks made from closures, whose bodies live in records that are freed after their one use.
@Suite struct CallbackModelTests {
  private struct Calls: ~Copyable {
    let callback = FenceCallback()
    let count = Word<UInt64>(0)

    static let callback = FieldOffset<Calls, FenceCallback> { $0.callback.address }
  }

  @Test(arguments: [ExplorationOptions.Memory.sequential, .weak], [false, true])
  func `a closure runs once or is removed, and is freed either way`(
    _ memory: ExplorationOptions.Memory, _ removes: Bool
  ) {
    var options = ExplorationOptions()
    options.memory = memory
    let report = explore("callback from a closure", options: options) { lab in
      let fence = Plain.fence()
      let calls = lab.allocate(Calls())
      let callback = Calls.callback.field(of: calls)
      lab.thread("adder", cpu: 0) {
        do throws(Errno) {
          try fence.addCallback(callback) { _, _ in
            lab.expect(calls.record.count.fetchAdd(1, .relaxed) == 0, "it runs once")
          }
        } catch {
          lab.expect(error == .noEntry, "the fence was signaled before")
        }
        if removes { fence.removeCallback(callback) }
      }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        fence.put()
        lab.free(calls)
      }
    }
    #expect(report.verdict == .passed && report.isExhaustive, "\(report)")
    #expect(report.executions >= 2)
  }
}
