import Fences
import Kernel
import Machine
import Simulator
import SyncObjects
import Testing

/// Waits whose length counts, on the simulated clock.
struct VirtualTimeTests {
  /// What a simulated run says about itself.
  private func messages(_ scenario: @escaping @Sendable (Simulation) -> Void) -> [String] {
    let report = Simulation.run("Virtual time", scenario)
    return report.failures.map(\.message) + report.leaks
  }

  @Test func `22 · a search for what nobody submits takes five seconds`() {
    let found = messages { run in
      let object = SyncObject.make()
      run.thread("finder", cpu: 0) {
        guard let object else { return }
        let start = Machine.clock()
        let failure = outcome { () throws(Errno) in try object.findFence(at: 3, .forSubmit).put() }
        let nanoseconds = Machine.clock() - start
        Machine.expect(failure == .timeExpired, "the time ran out")
        Machine.expect(nanoseconds / 1_000_000 == 5_000, "after five seconds: \(nanoseconds)")
        object.put()
      }
    }
    #expect(found == [])
  }

  @Test func `a submission within five seconds is found`() {
    let found = messages { run in
      let object = SyncObject.make()
      run.thread("submitter", cpu: 0) {
        Machine.delay(nanoseconds: 4_900_000_000)
        Machine.expect(object?.signal() == true, "there is memory")
      }
      run.thread("finder", cpu: 1) {
        guard let object else { return }
        let failure = outcome { () throws(Errno) in try object.findFence(at: 0, .forSubmit).put() }
        Machine.expect(failure == nil, "the fence came in time")
        object.put()
      }
    }
    #expect(found == [])
  }

  @Test func `a wait lasts until its moment, and a tick longer at most`() {
    let found = messages { run in
      let handles = SyncObjectHandles.make()
      run.thread("waiter", cpu: 0) {
        let handle = (try? handles.create()) ?? 0
        let start = Machine.clock()
        let moment = Int64(start) + 70_500_000
        let failure = outcome { () throws(Errno) in
          try handles.wait(for: [handle], until: moment, flags: .forSubmit)
        }
        let ticks = (Machine.clock() - start) / 1_000_000
        Machine.expect(failure == .timeExpired, "the time ran out")
        Machine.expect((70...72).contains(ticks), "at its moment: \(ticks)")
        handles.destroy()
      }
    }
    #expect(found == [])
  }
}
