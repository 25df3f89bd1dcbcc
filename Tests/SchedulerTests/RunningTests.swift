import Fences
import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// How jobs come to the device, and how they end there.
@Suite struct RunningTests {
  @Test func `credits and load are given back before the finished fence is signaled`() {
    simulate("order of an end") {
      let stage = Stage()
      let scheduler = stage.scheduler { $0.creditLimit = 1 }
      let entity = Entity.make(on: scheduler)
      let act = stage.submit(to: entity)
      Machine.expect(scheduler.load == 1, "one job")
      let seen = Machine.allocate(Seen(scheduler))
      let callback = Seen.callback.field(of: seen)
      Machine.expect(
        (try? act.finished?.addCallback(callback, Seen.look)) != nil, "it is not over")
      stage.finish(act)
      Machine.expect(seen.record.load.value == 0, "who waits for the fence sees no job")
      Machine.free(seen)
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  /// The load of a scheduler when a fence is signaled.
  private struct Seen: ~Copyable {
    let callbackStorage = FenceCallback()
    let scheduler: Cell<JobScheduler?>
    let load = Cell<UInt32>(.max)

    init(_ scheduler: JobScheduler) { self.scheduler = Cell(scheduler) }

    static let callback = FieldOffset<Seen, FenceCallback> { $0.callbackStorage.address }
    static let look = FenceCallback.Function { _, callback in
      let seen = Seen.callback.record(around: callback)
      seen.record.load.value = seen.record.scheduler.value?.load ?? .max
    }
  }

  @Test func `the three answers of a device`() {
    simulate("answers") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      stage.onRun = { act in
        switch act.number {
        case 0: .done
        case 1: .failed(.inputOutput)
        default: .submitted(act.hardware.get())
        }
      }
      let acts = (0..<3).map { _ in stage.submit(to: entity) }
      Machine.expect(acts[0].isOver && acts[0].error == nil, "nothing to do is no error")
      Machine.expect(acts[1].isOver && acts[1].error == .inputOutput, "an error is told")
      Machine.expect(!acts[2].isOver && acts[2].wasScheduled, "a fence is waited for")
      stage.finish(acts[2], .noData)
      Machine.expect(acts[2].error == .noData, "and its error is told")
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test(arguments: [false, true])
  func `a job waits for another of its scheduler until that is scheduled, or over`(mayNot: Bool) {
    simulate("pipelining") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entities = [Entity.make(on: scheduler), Entity.make(on: scheduler)]
      let first = stage.act(in: entities[0])
      if mayNot { first.job.forbidPipelining() }
      first.arm()
      first.job.push()
      guard let finished = first.finished else { return }
      let second = stage.submit(to: entities[1], after: finished)
      Machine.expect(first.wasScheduled && !first.isOver, "the device has the first")
      Machine.expect(second.wasScheduled == !mayNot, "the ring keeps the order unless told not to")
      stage.finish(first)
      Machine.expect(second.wasScheduled, "now the second runs in any case")
      stage.finish(second)
      for entity in entities { entity.destroy() }
      scheduler.destroy()
      stage.end()
    }
  }

  @Test func `a job waits for a job of another scheduler until that is over`() {
    simulate("two schedulers") {
      let stage = Stage()
      let schedulers = [stage.scheduler(), stage.scheduler()]
      let entities = schedulers.map { Entity.make(on: $0) }
      let first = stage.submit(to: entities[0])
      guard let finished = first.finished else { return }
      let second = stage.submit(to: entities[1], after: finished)
      Machine.expect(!second.wasScheduled, "two rings know nothing of each other")
      stage.finish(first)
      Machine.expect(second.wasScheduled, "now it runs")
      stage.finish(second)
      for entity in entities { entity.destroy() }
      for scheduler in schedulers { scheduler.destroy() }
      stage.end()
    }
  }

  @Test func `a dependency on the entity's own jobs is skipped`() {
    simulate("own job") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let first = stage.act(in: entity)
      first.job.forbidPipelining()
      first.arm()
      first.job.push()
      guard let finished = first.finished else { return }
      let second = stage.submit(to: entity, after: finished)
      Machine.expect(second.wasScheduled && !first.isOver, "the queue keeps the order")
      stage.finish(first)
      stage.finish(second)
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test func `a job that is too big for the device is cut to size with a warning`() {
    let report = Simulation.run("credits") { lab in
      lab.thread("client", cpu: 1) {
        let stage = Stage()
        let scheduler = stage.scheduler { $0.creditLimit = 2 }
        let entity = Entity.make(on: scheduler)
        let act = stage.submit(to: entity, credits: 3)
        Machine.expect(act.wasScheduled, "it runs all the same")
        stage.finish(act)
        let next = stage.submit(to: entity, credits: 2)
        Machine.expect(next.wasScheduled, "and gives back no more than it took")
        stage.finish(next)
        entity.destroy()
        scheduler.destroy()
        stage.end()
      }
    }
    #expect(report.failures.map(\.message) == ["a job asks for 3 credits of 2"])
    #expect(report.failures.map(\.isWarning) == [true])
    #expect(report.stuck.isEmpty && report.leaks.isEmpty)
  }

  @Test(arguments: SchedulingPolicy.allCases)
  func `who goes first`(policy: SchedulingPolicy) {
    simulate("\(policy)") {
      let stage = Stage()
      let scheduler = stage.scheduler {
        $0.policy = policy
        $0.creditLimit = 1
      }
      let entities = [Entity.make(on: scheduler), Entity.make(on: scheduler)]
      // The first job keeps the device; then three of one client, and two of the other.
      var acts = [stage.submit(to: entities[0])]
      for index in [0, 0, 1, 1] { acts.append(stage.submit(to: entities[index])) }
      for number in stage.log.indices { stage.finish(acts[number]) }
      while stage.log.filter({ $0.hasPrefix("run") }).count < acts.count {
        let last = stage.log.last { $0.hasPrefix("run") }?.dropFirst(4)
        guard let number = last.flatMap({ Int($0) }) else { break }
        stage.finish(acts[number])
      }
      let order = stage.log.filter { $0.hasPrefix("run") }.compactMap { $0.last }
      let expected =
        switch policy {
        case .fifo: "01234"
        case .roundRobin: "01324"
        // The device has worked for the first client long enough.
        case .fair: "03412"
        }
      Machine.expect(String(order) == expected, "\(policy): \(String(order))")
      for act in acts where !act.isOver { stage.finish(act) }
      for entity in entities { entity.destroy() }
      scheduler.destroy()
      stage.end()
    }
  }
}
