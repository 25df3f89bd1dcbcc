import Explorer
import Fences
import Kernel
import Machine
import Testing

/// Races that were found upstream, shown and shown repaired; R1 is in `SignaledBitModelTests`.
@Suite(.serialized)
struct KnownRacesModelTests {
  /// Data of a driver that its functions reach and the fence does not keep.
  private struct Device: ~Copyable {
    let boost = Cell<UInt64>(0)
  }

  @Test(arguments: [(false, Verdict.useAfterFree), (true, Verdict.passed)])
  func `R2 · a driver's data outlives its functions if it waits for a grace period`(
    _ pair: (waits: Bool, verdict: Verdict)
  ) {
    let report = explore("a deadline against the end of a driver") { lab in
      let device = lab.allocate(Device())
      let table = lab.allocate(
        FenceOperations(
          driverName: { _ in "driver" }, timelineName: { _ in "line" },
          setDeadline: { _, deadline in device.record.boost.value = deadline }))
      let fence = Fence.make(operations: table, context: 7, seqno: 1)
      lab.thread("user", cpu: 0) { fence.setDeadline(5) }
      lab.thread("driver", cpu: 1) {
        fence.signal()
        if pair.waits { RCU.synchronize() }
        lab.free(device)
      }
      lab.finally {
        fence.put()
        lab.free(table)
      }
    }
    #expect(report.verdict == pair.verdict, "\(report)")
  }

  // What decides whether a name is asked of the driver. The old rule takes the pointer first and
  // looks at the bit then; in order it is right, and nothing keeps the two loads in order.
  @Test(arguments: [
    (false, ExplorationOptions.Memory.sequential, Verdict.passed),
    (false, .weak, .expectationFailed), (true, .weak, .passed),
  ])
  func `R3 · a name is asked of no driver if the pointer alone decides`(
    _ row: (byPointer: Bool, memory: ExplorationOptions.Memory, verdict: Verdict)
  ) {
    var options = ExplorationOptions()
    options.memory = row.memory
    let report = explore("a name against a signal", options: options) { lab in
      let fence = Plain.fence()
      lab.thread("reader", cpu: 0) {
        if row.byPointer {
          let name = fence.driverName
          lab.expect(["plain", "detached-driver"].contains(name), "it is one of the two")
        } else {
          let hasTable = fence.hasOperations
          let isSignaled = fence.testSignaledFlag()
          lab.expect(hasTable || isSignaled, "the name is not asked of a null table")
        }
      }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally { fence.put() }
    }
    #expect(report.verdict == row.verdict, "\(report)")
  }

  /// How a driver makes sure that it is asked about a fence of its own.
  enum OwnFence: CaseIterable {
    case pointer, pointerThatStays, container

    var verdict: Verdict { self == .pointer ? .expectationFailed : .passed }

    fileprivate func operations() -> FenceOperations {
      let looks = self != .container
      var release: (@Sendable (Fence) -> Void)?
      if self == .pointerThatStays { release = { $0.free() } }
      return FenceOperations(
        driverName: { fence in
          Machine.expect(!looks || fence.hasOperations, "the fence has the driver's table")
          return "driver"
        },
        timelineName: { _ in "line" }, release: release)
    }
  }

  @Test(arguments: OwnFence.allCases)
  func `R5 · a driver knows its fence by the container, or by a table that stays`(how: OwnFence) {
    let report = explore("a name against a signal") { lab in
      let table = lab.allocate(how.operations())
      let fence = Fence.make(operations: table, context: 7, seqno: 1)
      lab.thread("reader", cpu: 0) { _ = fence.driverName }
      lab.thread("signaler", cpu: 1) { fence.signal() }
      lab.finally {
        fence.put()
        lab.free(table)
      }
    }
    #expect(report.verdict == how.verdict, "\(report)")
  }

  @Test(arguments: [(false, Verdict.expectationFailed), (true, Verdict.passed)])
  func `R6 · a deadline for a fence that is over does nothing if the driver looks under the lock`(
    _ pair: (looks: Bool, verdict: Verdict)
  ) {
    let report = explore("a deadline against a signal") { lab in
      let boost = lab.allocate(Word<UInt64>(0))
      let table = lab.allocate(
        FenceOperations(
          driverName: { _ in "driver" }, timelineName: { _ in "line" },
          setDeadline: { fence, deadline in
            fence.withLock {
              if pair.looks && fence.testSignaledFlag() { return }
              boost.record.store(deadline, .relaxed)
            }
          }))
      let fence = Fence.make(operations: table, context: 7, seqno: 1)
      lab.thread("user", cpu: 0) { fence.setDeadline(5) }
      lab.thread("device", cpu: 1) {
        fence.withLock {
          fence.signalLocked()
          boost.record.store(0, .relaxed)
        }
      }
      lab.finally {
        lab.expect(boost.record.load(.relaxed) == 0, "nothing is boosted for a fence that is over")
        fence.put()
        lab.free(table)
        lab.free(boost)
      }
    }
    #expect(report.verdict == pair.verdict, "\(report)")
  }

  /// How a reader gets from the signaled bit to the timestamp.
  enum TimestampReading: CaseIterable {
    case bitAlone, helper, underTheLock

    // The helper waits for the second bit, so the time is right; that it is also there for a CPU
    // which reorders, upstream leaves open, and only the lock says it.
    var verdict: Verdict {
      switch self {
      case .bitAlone: .expectationFailed
      case .helper: .dataRace
      case .underTheLock: .passed
      }
    }
  }

  @Test(arguments: TimestampReading.allCases)
  func `R7 · a fence is seen as signaled before it has its timestamp`(how: TimestampReading) {
    let report = explore("a timestamp against a signal") { lab in
      let fence = Plain.fence()
      lab.thread("reader", cpu: 0) {
        guard fence.testSignaledFlag() else { return }
        switch how {
        case .bitAlone: lab.expect(fence.has(.timestamp), "the timestamp is there")
        case .helper: lab.expect(fence.timestamp() == 9, "the time is the signal's")
        case .underTheLock:
          lab.expect(fence.withLock { fence.timestamp() } == 9, "the time is the signal's")
        }
      }
      lab.thread("signaler", cpu: 1) { fence.signal(at: 9) }
      lab.finally { fence.put() }
    }
    #expect(report.verdict == how.verdict, "\(report)")
  }

  @Test func `R4 · the name of the timeline is not the driver's`() {
    let fence = Plain.fence()
    #expect(fence.driverName == "plain")
    #expect(fence.timelineName == "line")
    fence.signal()
    #expect(fence.timelineName == "signaled-timeline")
    fence.put()
  }
}
