import Fences
import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// The basic rows of the kernel's scheduler tests, under their own names, in virtual time.
@Suite struct BasicRows {
  @Test func `drm_sched_basic_tests: drm_sched_basic_submit`() {
    simulate("drm_sched_basic_submit") {
      let world = MockWorld(processor: nil)
      let entity = world.entity()
      guard let job = MockJob.make(in: entity) else { return }
      job.submit()
      Machine.expect(job.waitScheduled(), "the job is scheduled")
      Machine.expect(!job.waitFinished(500), "the job is not over")
      Machine.expect(world.device.advance(1) == 1, "the device ends one job")
      Machine.expect(job.waitFinished(), "the job is over")
      entity.destroy()
      job.put()
      world.end()
    }
  }

  /// Entities, jobs and whether each job waits for the one before.
  enum Shape: String, CaseIterable {
    case queue = "A queue of jobs in a single entity"
    case chain = "A chain of dependent jobs across multiple entities"
    case queues = "Multiple independent job queues"
    case dependentQueues = "Multiple inter-dependent job queues"

    var entityCount: Int { self == .queue || self == .chain ? 1 : 4 }
    var isDependent: Bool { self == .chain || self == .dependentQueues }
  }

  @Test(arguments: Shape.allCases)
  func `drm_sched_basic_tests: drm_sched_basic_test`(shape: Shape) {
    simulate(shape.rawValue) {
      let world = MockWorld()
      let entities = (0..<shape.entityCount).map { _ in world.entity() }
      let jobs = submit(100, to: entities, isDependent: shape.isDependent)
      Machine.expect(jobs.last?.waitFinished() ?? false, "the last job is over in time")
      for entity in entities { entity.destroy() }
      for job in jobs { job.put() }
      world.end()
    }
  }

  @Test func `drm_sched_basic_tests: drm_sched_basic_entity_cleanup`() {
    simulate("drm_sched_basic_entity_cleanup") {
      let world = MockWorld()
      let entities = (0..<4).map { _ in world.entity() }
      let jobs = submit(100, to: entities, isDependent: true)
      Machine.expect(jobs[50].waitFinished(), "the job in the middle is over in time")
      for entity in entities { entity.destroy() }
      world.end()
      for job in jobs {
        Machine.expect(job.finishedFence.isSignaled(), "every published fence is signaled")
        job.put()
      }
    }
  }

  @Test func `drm_sched_basic_timeout_tests: drm_sched_basic_timeout`() {
    simulate("drm_sched_basic_timeout") {
      let world = MockWorld({ $0.timeout = Jiffies(200) }, processor: nil)
      let entity = world.entity()
      guard let job = MockJob.make(in: entity) else { return }
      job.submit()
      Machine.expect(job.waitScheduled(), "the job is scheduled")
      Machine.expect(!job.waitFinished(100), "the job is not over")
      Machine.expect(!job.has(.timedOut), "its time is not up")
      Machine.expect(!job.waitFinished(200), "the job never ends by itself")
      Machine.expect(job.has(.timedOut), "its time is up")
      Machine.expect(
        job.finishedFence.status() == .failed(MockDevice.timeout), "the public fence says so")
      entity.destroy()
      job.put()
      world.end()
    }
  }

  @Test func `drm_sched_basic_timeout_tests: drm_sched_skip_reset`() {
    simulate("drm_sched_skip_reset") {
      let world = MockWorld({ $0.timeout = Jiffies(200) }, processor: nil)
      let entity = world.entity()
      let flags = MockJobStorage.Flag.dontReset.rawValue
      guard let job = MockJob.make(in: entity, flags) else { return }
      job.submit()
      Machine.expect(job.waitScheduled(), "the job is scheduled")
      Machine.expect(!job.waitFinished(400), "the job is not over")
      Machine.expect(job.has(.resetSkipped), "the back end was asked and declined")
      Machine.expect(world.device.advance(1) == 1, "the device ends one job")
      Machine.expect(job.waitFinished(), "the job survived")
      Machine.expect(job.finishedFence.wait(atMost: 1_000) == .done, "without an error")
      entity.destroy()
      job.put()
      world.end()
    }
  }

  @Test func `drm_sched_basic_cancel_tests: drm_sched_basic_cancel`() {
    simulate("drm_sched_basic_cancel") {
      let world = MockWorld(processor: nil)
      let entity = world.entity()
      guard let job = MockJob.make(in: entity) else { return }
      job.submit()
      Machine.expect(job.waitScheduled(), "the job is scheduled")
      entity.destroy()
      world.scheduler.destroy()
      Machine.expect(job.hardwareFence.error == .cancelled, "the hardware fence was cancelled")
      Machine.expect(job.finishedFence.error == .cancelled, "and so was the public one")
      world.device.destroy()
      job.put()
    }
  }

  @Test func `drm_sched_basic_priority_tests: drm_sched_priorities`() {
    simulate("drm_sched_priorities") {
      let world = MockWorld()
      let entities = Priority.allCases.map { world.entity($0) }
      let jobs = submit(100, to: entities, isDependent: false)
      Machine.expect(jobs.last?.waitFinished() ?? false, "the last job is over in time")
      for entity in entities { entity.destroy() }
      for job in jobs { job.put() }
      world.end()
    }
  }

  @Test func `drm_sched_basic_priority_tests: drm_sched_change_priority`() {
    simulate("drm_sched_change_priority") {
      let world = MockWorld()
      let entities = Priority.allCases.map { world.entity($0) }
      let jobs = submit(1_000, to: entities, isDependent: false)
      var priorities = Priority.allCases
      var lottery = Lottery()
      var turn = 0
      while let last = jobs.last, !last.has(.done) {
        priorities[turn] =
          Priority(rawValue: (priorities[turn].rawValue + 1) % 4) ?? .kernel
        entities[turn].setPriority(priorities[turn])
        turn = (turn + 1) % 4
        pass(microseconds: lottery.next(in: 200...500))
      }
      for entity in entities { entity.destroy() }
      world.end()
      for job in jobs {
        Machine.expect(job.has(.done), "no job is lost")
        job.put()
      }
    }
  }

  @Test func `drm_sched_basic_modify_sched_tests: drm_sched_test_modify_sched`() {
    let gpus = (0..<3).map { Simulation.Processor.device("gpu \($0)") }
    simulate("drm_sched_test_modify_sched", processors: [.cpu("cpu 0"), .cpu("cpu 1")] + gpus) {
      let worlds = (0..<3).map { MockWorld(processor: 2 + $0) }
      let entities = (0..<13).map { worlds[$0 % 3].entity() }
      let jobs = submit(1_000, to: entities, isDependent: false)
      var lottery = Lottery()
      var (turn, target) = (0, 0)
      while let last = jobs.last, !last.has(.done) {
        pass(microseconds: lottery.next(in: 200...500))
        turn = (turn + 1) % 13
        target = (target + 1) % 3
        entities[turn].setSchedulers([worlds[target].scheduler])
      }
      for entity in entities { entity.destroy() }
      for world in worlds { world.end() }
      for job in jobs {
        Machine.expect(job.finishedFence.isSignaled(), "no job is lost")
        job.put()
      }
    }
  }

  @Test func `drm_sched_basic_credits_tests: drm_sched_test_credits`() {
    simulate("drm_sched_test_credits") {
      let world = MockWorld({ $0.creditLimit = 1 }, processor: nil)
      let entity = world.entity()
      guard let first = MockJob.make(in: entity), let second = MockJob.make(in: entity) else {
        return
      }
      first.submit()
      second.submit()
      Machine.expect(first.waitScheduled(), "the first job is scheduled")
      Machine.expect(!second.waitScheduled(), "the second one has no credit")
      Machine.expect(world.device.advance(1) == 1, "the device ends the first")
      Machine.expect(second.waitScheduled(), "now the second one is scheduled")
      Machine.expect(world.device.advance(1) == 1, "the device ends the second")
      Machine.expect(second.waitFinished(), "and it is over")
      entity.destroy()
      first.put()
      second.put()
      world.end()
    }
  }
}

extension Fence {
  /// The fence's status when it was signaled or the time ran out.
  func wait(atMost jiffies: Int) -> Status {
    _ = try? wait(interruptible: false, timeout: Jiffies(jiffies))
    return status()
  }
}

/// Submits jobs of a millisecond to the entities in turns, each perhaps after the one before.
func submit(_ count: Int, to entities: [Entity], isDependent: Bool) -> [MockJob] {
  var jobs: [MockJob] = []
  for index in 0..<count {
    guard let job = MockJob.make(in: entities[index % entities.count], microseconds: 1_000) else {
      return jobs
    }
    if isDependent, let last = jobs.last {
      try? job.job.addDependency(last.finishedFence.get())
    }
    job.submit()
    jobs.append(job)
  }
  return jobs
}
