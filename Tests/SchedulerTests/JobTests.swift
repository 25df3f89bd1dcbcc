import Fences
import Kernel
import Machine
import Reservations
import Scheduler
import Simulator
import Testing

/// What a job is made of before it runs, and what its fences say.
@Suite struct JobTests {
  @Test func `a job of an entity without a scheduler, or of no credits, is refused`() {
    simulate("refusals") {
      let stage = Stage()
      let schedulers = [stage.scheduler(), stage.scheduler()]
      let nowhere = Entity.make(on: [])
      let somewhere = Entity.make(on: schedulers)
      let job = Job(Machine.allocate(JobStorage()))
      func answer(_ entity: Entity, _ credits: UInt32 = 1) -> Errno? {
        do throws(Errno) {
          try job.initialise(in: entity, credits: credits)
          job.cleanUp()
          return nil
        } catch {
          return error
        }
      }
      Machine.expect(answer(nowhere) == .noEntry, "no scheduler")
      Machine.expect(answer(nowhere, 0) == .noEntry, "that comes first")
      Machine.expect(answer(somewhere, 0) == .invalidArgument, "no credits")
      Machine.expect(answer(somewhere) == nil, "one credit will do")
      for scheduler in schedulers { scheduler.isReady = false }
      Machine.expect(answer(somewhere) == .noEntry, "no scheduler is ready")
      schedulers[1].isReady = true
      somewhere.kill()
      Machine.expect(answer(somewhere) == nil, "a killed entity is told at the push")
      Machine.free(Object<JobStorage>(machineAddress: job.machineAddress))
      nowhere.setSchedulers(schedulers)
      nowhere.setPriority(.low)
      Machine.expect(nowhere.flush() == .zero && !nowhere.isStopped, "nothing to flush")
      nowhere.destroy()
      somewhere.destroy()
      for scheduler in schedulers { scheduler.destroy() }
      stage.end()
    }
  }

  @Test func `a scheduler that is not ready is not chosen`() {
    simulate("ready") {
      let stage = Stage()
      let names = ["busy", "not ready", "idle"]
      let schedulers = names.map { name in stage.scheduler { $0.name = name } }
      let other = Entity.make(on: schedulers[0])
      let busy = stage.submit(to: other)
      schedulers[1].isReady = false
      let entity = Entity.make(on: schedulers)
      let first = stage.act(in: entity)
      first.arm()
      Machine.expect(first.finished?.timelineName == "idle", "the idle one is chosen")
      schedulers[2].isReady = false
      let second = stage.act(in: other)
      second.arm()
      Machine.expect(second.finished?.timelineName == "busy", "without a choice it stays")
      first.job.push()
      second.job.push()
      pass(microseconds: 100)
      for act in [busy, first, second] { stage.finish(act) }
      entity.destroy()
      other.destroy()
      for scheduler in schedulers { scheduler.destroy() }
      stage.end()
    }
  }

  @Test func `an entity that is given nothing to choose from stays where it is, with a warning`() {
    let report = Simulation.run("no choice") { lab in
      lab.thread("client", cpu: 1) {
        let stage = Stage()
        let scheduler = stage.scheduler()
        let entity = Entity.make(on: scheduler)
        entity.setSchedulers([])
        let act = stage.submit(to: entity)
        Machine.expect(act.wasScheduled, "the job runs")
        stage.finish(act)
        entity.destroy()
        scheduler.destroy()
        stage.end()
      }
    }
    #expect(
      report.failures.map(\.message) == ["an entity was given no scheduler to choose from"])
    #expect(report.failures.map(\.isWarning) == [true])
    #expect(report.stuck.isEmpty && report.leaks.isEmpty)
  }

  @Test func `of two dependencies of one context the later is kept`() {
    simulate("dependencies") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let act = stage.act(in: entity)
      let fences = (1...3).map { Stage.fence(context: 9_000, seqno: $0) }
      let other = Stage.fence(context: 9_001)
      func add(_ fence: Fence?) {
        Machine.expect((try? act.job.addDependency(fence?.get())) != nil, "there is memory")
      }
      add(nil)
      Machine.expect(act.job.dependencyCount == 0, "nil adds nothing")
      add(fences[1])
      add(other)
      add(fences[0])
      Machine.expect(act.job.dependencyCount == 2, "an earlier one adds nothing")
      Machine.expect(fences.map(\.referenceCount) == [1, 2, 1], "and is given back")
      add(fences[2])
      Machine.expect(act.job.dependencyCount == 2, "a later one takes its place")
      Machine.expect(fences.map(\.referenceCount) == [1, 1, 2], "and that is given back")
      act.arm()
      act.job.push()
      pass(microseconds: 100)
      for fence in [fences[2], other] {
        Machine.expect(!act.wasScheduled, "it waits for both")
        fence.signal()
        pass(microseconds: 100)
      }
      Machine.expect(act.wasScheduled, "for no other")
      stage.finish(act)
      for fence in fences + [other] { fence.put() }
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test(arguments: [false, true])
  func `a reader waits for writers, a writer for readers too, over or not`(writes: Bool) {
    simulate("implicit dependencies") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let act = stage.act(in: entity)
      let reservation = Reservation.make()
      let usages: [ReservationUsage] = [.kernel, .write, .read, .bookkeep]
      let fences = usages.indices.map { Stage.fence(context: 9_000 + UInt64($0)) }
      do throws(Errno) {
        try reservation.lock()
        try reservation.reserve(4)
        for (fence, usage) in zip(fences, usages) { reservation.add(fence, usage) }
        // What is over is not asked for by a walk with the lock.
        fences[0].signal()
        try act.job.addDependencies(of: reservation, upTo: .waitedFor(byWriter: writes))
        reservation.unlock()
      } catch {
        Machine.expect(false, "there is memory: \(error)")
      }
      Machine.expect(act.job.dependencyCount == (writes ? 3 : 2), "\(act.job.dependencyCount)")
      act.arm()
      act.job.push()
      pass(microseconds: 100)
      Machine.expect(!act.wasScheduled, "it waits")
      fences[1].signal()
      pass(microseconds: 100)
      Machine.expect(act.wasScheduled == !writes, "a reader waits for no reader")
      fences[2].signal()
      pass(microseconds: 100)
      Machine.expect(act.wasScheduled, "nobody waits for bookkeeping")
      stage.finish(act)
      fences[3].signal()
      reservation.destroy()
      for fence in fences { fence.put() }
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test func `dependencies are taken with the reservation's lock only`() {
    let report = Simulation.run("no lock") { lab in
      lab.thread("client", cpu: 1) {
        let stage = Stage()
        let scheduler = stage.scheduler()
        let entity = Entity.make(on: scheduler)
        let act = stage.act(in: entity)
        let reservation = Reservation.make()
        try? act.job.addDependencies(of: reservation, upTo: .read)
        reservation.destroy()
        stage.drop(act)
        entity.destroy()
        scheduler.destroy()
        stage.end()
      }
    }
    #expect(report.failures.map(\.isWarning) == [true], "\(report.failures)")
    #expect(report.stuck.isEmpty && report.leaks.isEmpty)
  }

  @Test func `an entity has the error of the job that was scheduled last`() {
    simulate("an entity's error") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      Machine.expect(entity.error == nil, "there was no job")
      let first = stage.submit(to: entity)
      Machine.expect(entity.error == nil, "it is on the device")
      stage.finish(first, .inputOutput)
      Machine.expect(entity.error == .inputOutput, "it failed")
      let second = stage.submit(to: entity)
      Machine.expect(entity.error == nil, "the next one is on the device")
      let dependency = Stage.fence(context: 9_000)
      let third = stage.submit(to: entity, after: dependency)
      entity.kill()
      stage.finish(second)
      dependency.signal()
      pass(microseconds: 100)
      Machine.expect(third.error == .noProcess, "the third was killed")
      Machine.expect(entity.error == nil, "it was never scheduled")
      entity.destroy()
      scheduler.destroy()
      stage.end()
      dependency.put()
    }
  }

  @Test func `the fences of a job have the names of its scheduler, before and after`() {
    simulate("names") {
      let stage = Stage()
      let scheduler = stage.scheduler { $0.name = "ring 0" }
      let entity = Entity.make(on: scheduler)
      let act = stage.submit(to: entity)
      func check() {
        for fence in [act.scheduled, act.finished] {
          Machine.expect(fence?.driverName == "drm_sched", "the driver")
          Machine.expect(fence?.timelineName == "ring 0", "the timeline")
        }
      }
      check()
      Machine.expect(
        act.scheduled?.context == entity.context && act.finished?.context == entity.context + 1
          && act.scheduled?.seqno == act.finished?.seqno, "two timelines with the same numbers")
      stage.finish(act)
      check()
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test func `a deadline goes to the hardware fence, the earliest one first`() {
    simulate("deadlines") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let dependency = Stage.fence(context: 9_000)
      let hardware = Fence.make(operations: Deadlines.operations, context: 9_001, seqno: 1)
      stage.onRun = { _ in .submitted(hardware.get()) }
      let act = stage.submit(to: entity, after: dependency)
      act.finished?.setDeadline(3_000_000)
      act.finished?.setDeadline(2_000_000)
      act.finished?.setDeadline(4_000_000)
      Machine.expect(Deadlines.all.seen.isEmpty, "the device does not know the job")
      dependency.signal()
      pass(microseconds: 100)
      Machine.expect(Deadlines.all.seen == [2_000_000], "the earliest one is told")
      act.finished?.setDeadline(5_000_000)
      act.finished?.setDeadline(1_000_000)
      Machine.expect(Deadlines.all.seen == [2_000_000, 1_000_000], "then only earlier ones")
      hardware.signal()
      pass(microseconds: 100)
      entity.destroy()
      scheduler.destroy()
      stage.end()
      dependency.put()
      hardware.put()
    }
  }
}

/// What the hardware fence of one test was told.
// Safety: coroutines of one OS thread use it one after another.
private final class Deadlines: @unchecked Sendable {
  static let all = Deadlines()
  var seen: [UInt64] = []

  static let operations = Machine.permanent(
    FenceOperations(
      driverName: { _ in "stage" }, timelineName: { _ in "stage" },
      setDeadline: { all.seen.append($1) }))
}
