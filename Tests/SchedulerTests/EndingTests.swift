import Fences
import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// How entities and schedulers end.
@Suite struct EndingTests {
  @Test func `a killed job ends in its turn, after what it had to wait for`() {
    simulate("kill") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let dependency = Stage.fence(context: 9_000)
      let running = stage.submit(to: entity)
      let second = stage.submit(to: entity, after: dependency)
      let third = stage.submit(to: entity)
      entity.kill()
      Machine.expect(entity.isStopped, "the entity takes no jobs")
      stage.finish(running)
      Machine.expect(running.isOver && running.error == nil, "what the device has goes on")
      Machine.expect(!second.isOver, "the second job waits for its dependency")
      Machine.expect(!third.isOver, "the third waits for the second")
      dependency.signal()
      pass(microseconds: 100)
      Machine.expect(second.error == .noProcess && second.isOver, "now the second is over")
      Machine.expect(third.error == .noProcess && third.isOver, "and then the third")
      Machine.expect(second.wasScheduled, "nobody waits for a scheduled fence for ever")
      Machine.expect(!stage.log.contains("run 1"), "neither of them ran")
      entity.destroy()
      scheduler.destroy()
      stage.end()
      dependency.put()
    }
  }

  @Test func `a job that is pushed to a killed entity ends after the jobs before it`() {
    simulate("push after kill") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let dependency = Stage.fence(context: 9_000)
      let running = stage.submit(to: entity)
      let queued = stage.submit(to: entity, after: dependency)
      let late = stage.act(in: entity)
      let later = stage.act(in: entity)
      late.arm()
      later.arm()
      entity.kill()
      late.job.push()
      later.job.push()
      dependency.signal()
      pass(microseconds: 100)
      Machine.expect(!queued.isOver, "the first killed job waits for the device")
      Machine.expect(!late.isOver, "and so does the one that came too late")
      Machine.expect(!later.isOver, "and the next")
      stage.finish(running)
      for act in [queued, late, later] {
        Machine.expect(act.isOver && act.error == .noProcess, "now they are over")
      }
      Machine.expect(
        stage.log.filter { $0.hasPrefix("free") } == ["free 0", "free 1", "free 2", "free 3"]
          || stage.log.filter { $0.hasPrefix("free") } == ["free 1", "free 2", "free 3", "free 0"],
        "they end in order")
      entity.destroy()
      scheduler.destroy()
      stage.end()
      dependency.put()
    }
  }

  @Test func `a killed job that waits until another is scheduled waits until that is over`() {
    simulate("kill a job that waits for a scheduled fence") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entities = [Entity.make(on: scheduler), Entity.make(on: scheduler)]
      let gate = Stage.fence(context: 9_000)
      let other = stage.submit(to: entities[0])
      let past = stage.submit(to: entities[0])
      guard let scheduled = other.scheduled, let pastScheduled = past.scheduled else { return }
      let killed = stage.submit(to: entities[1], after: gate, scheduled)
      let free = stage.submit(to: entities[1], after: pastScheduled)
      entities[1].kill()
      gate.signal()
      pass(microseconds: 100)
      Machine.expect(other.wasScheduled, "the other job is on the device")
      Machine.expect(!killed.isOver, "it may use what the killed job was to wait for")
      stage.finish(other)
      Machine.expect(killed.isOver && killed.error == .noProcess, "now it may not")
      stage.finish(past)
      Machine.expect(free.isOver, "nor the last one")
      for entity in entities { entity.destroy() }
      scheduler.destroy()
      stage.end()
      gate.put()
    }
  }

  @Test func `a kill waits until the job that is being handed over is on the device`() {
    simulate("kill during run") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      var isRunning = false
      stage.onRun = { act in
        isRunning = true
        pass(microseconds: 1_000)
        isRunning = false
        return .submitted(act.hardware.get())
      }
      let act = stage.submit(to: entity)
      Machine.expect(isRunning, "the job is being handed over")
      entity.kill()
      Machine.expect(!isRunning, "it was handed over")
      stage.finish(act)
      Machine.expect(act.isOver && act.error == nil, "and it ends well")
      entity.destroy()
      scheduler.destroy()
      stage.end()
    }
  }

  @Test func `a flush ends when the last job was handed over, or when its time is over`() {
    simulate("flush") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let dependency = Stage.fence(context: 9_000)
      let act = stage.submit(to: entity, after: dependency)
      Machine.expect(entity.flush(timeout: Jiffies(10)) == .zero, "a job waits")
      dependency.signal()
      Machine.expect(entity.flush(timeout: Jiffies(10)) > .zero, "it was handed over")
      Machine.expect(act.job.hardwareFence != nil, "the device has it")
      stage.finish(act)
      entity.destroy()
      scheduler.destroy()
      stage.end()
      dependency.put()
    }
  }

  @Test func `the end of a scheduler cancels every pending job, the newest first`() {
    simulate("end with pending jobs") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let entity = Entity.make(on: scheduler)
      let acts = (0..<3).map { _ in stage.submit(to: entity) }
      stage.finish(acts[1])
      Machine.expect(acts[1].isOver, "the job in the middle is over")
      entity.destroy()
      scheduler.destroy()
      Machine.expect(
        stage.log.suffix(6)
          == ["cancel 2", "free 2", "cancel 1", "free 1", "cancel 0", "free 0"],
        "each is cancelled and freed: \(stage.log)")
      Machine.expect(
        acts.map(\.error) == [.cancelled, nil, .cancelled], "what was over stays as it was")
      stage.end()
    }
  }

  @Test(arguments: [false, true])
  func `a killed job ends although the worker's turn is taken back`(stops: Bool) {
    simulate(stops ? "stop" : "end") {
      let stage = Stage()
      let queue = WorkQueue.make("worker", cpu: 0)
      let scheduler = stage.scheduler { $0.queue = queue }
      let entity = Entity.make(on: scheduler)
      let dependency = Stage.fence(context: 9_000)
      let killed = stage.submit(to: entity, after: dependency)
      entity.kill()
      // The worker is busy elsewhere, so what the signal makes it do has to wait.
      let busy = Machine.allocate(WorkItem { _ in pass(microseconds: 1_000) })
      queue.schedule(busy)
      dependency.signal()
      if stops {
        scheduler.stop()
        killed.finished?.wait()
        scheduler.start()
      }
      entity.destroy()
      scheduler.destroy()
      Machine.expect(killed.error == .noProcess && killed.isOver, "it was killed")
      queue.destroy()
      Machine.free(busy)
      stage.end()
      dependency.put()
    }
  }
}
