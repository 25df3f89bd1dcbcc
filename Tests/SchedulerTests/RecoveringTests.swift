import Fences
import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// How a back end recovers a device, and who is blamed.
@Suite struct RecoveringTests {
  @Test func `a job of another scheduler does not come to this one's list`() {
    simulate("stop two schedulers") {
      let stage = Stage()
      let first = stage.scheduler { $0.timeout = Jiffies(10) }
      let second = stage.scheduler()
      let entity = Entity.make(on: first)
      var foreign: [Job] = []
      stage.onTimeout = { act in
        second.stop(act.job)
        foreign = second.pendingJobs
        first.stop(act.job)
        Machine.expect(first.pendingJobs == [act.job], "its own takes it back")
        second.start()
        first.start(.timeExpired)
        return .reset
      }
      let act = stage.submit(to: entity)
      act.finished?.wait()
      Machine.expect(foreign.isEmpty, "the other one does not")
      Machine.expect(act.error == .timeExpired, "the job is over")
      pass(microseconds: 100)
      entity.destroy()
      first.destroy()
      second.destroy()
      stage.end()
    }
  }

  /// What becomes of a job while the scheduler stands still.
  enum Fate: CaseIterable {
    case signaled, failed, stillRunning
  }

  @Test(arguments: Fate.allCases)
  func `a job that ran again is watched again, and its own error counts first`(fate: Fate) {
    simulate("\(fate)") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let act = stage.submit(to: entity)
      scheduler.stop()
      scheduler.resubmit()
      switch fate {
      case .signaled: stage.finish(act)
      case .failed: stage.finish(act, .inputOutput)
      case .stillRunning: break
      }
      Machine.expect(!act.isOver, "nobody watches")
      scheduler.start(.noDevice)
      if fate == .stillRunning {
        Machine.expect(!act.isOver, "the device has it")
        stage.finish(act)
      }
      Machine.expect(act.isOver, "it is over")
      let expected: Errno? =
        switch fate {
        case .signaled: .noDevice
        case .failed: .inputOutput
        case .stillRunning: nil
        }
      Machine.expect(act.error == expected, "\(fate): \(act.error as Any)")
      pass(microseconds: 100)
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test(arguments: [nil, Errno.noDevice])
  func `a job that did not run again ends with the error of the start`(error: Errno?) {
    simulate("start") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let acts = (0..<3).map { _ in stage.submit(to: entity) }
      scheduler.stop()
      stage.onRun = { act in act.number == 1 ? .failed(.inputOutput) : .done }
      scheduler.resubmit()
      scheduler.start(error)
      for act in acts {
        Machine.expect(act.isOver && act.error == error ?? .cancelled, "\(act.error as Any)")
      }
      pass(microseconds: 100)
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test func `while a scheduler stands still nothing runs, and what is signaled has no effect`() {
    simulate("stop") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let cutOff = stage.submit(to: entity)
      scheduler.stop()
      let queued = stage.submit(to: entity)
      stage.finish(cutOff)
      Machine.expect(!cutOff.isOver && !queued.wasScheduled, "everything waits")
      Machine.expect(cutOff.job.hardwareFence == nil, "the hardware fence is forgotten")
      scheduler.start()
      pass(microseconds: 100)
      Machine.expect(cutOff.isOver && cutOff.error == .cancelled, "one ends")
      Machine.expect(queued.wasScheduled, "the next is on the device")
      stage.finish(queued)
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test func `a device that is gone is not asked again`() {
    simulate("no device") {
      let stage = Stage()
      let scheduler = stage.scheduler { $0.timeout = Jiffies(10) }
      let entity = Entity.make(on: scheduler)
      var asked = 0
      stage.onTimeout = { act in
        asked += 1
        scheduler.stop(act.job)
        return .noDevice
      }
      let acts = (0..<2).map { _ in stage.submit(to: entity) }
      pass(microseconds: 100_000)
      Machine.expect(asked == 1, "asked \(asked) times")
      scheduler.start(.noDevice)
      Machine.expect(acts.map(\.error) == [.noDevice, .noDevice], "the driver ends its jobs")
      pass(microseconds: 100)
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }
}
