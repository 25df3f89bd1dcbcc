import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// The rows of the kernel's concurrent suite.
@Suite struct ConcurrentRows {
  @Test func `drm_sched_concurrent_tests: drm_sched_parallel_submit_test`() {
    simulate("drm_sched_parallel_submit_test") {
      let world = MockWorld(processor: nil)
      let gate = Machine.allocate(Word<UInt32>(0))
      let entities = (0..<16).map { _ in world.entity() }
      let jobs = entities.map { entity in (0..<8).compactMap { _ in MockJob.make(in: entity) } }
      let threads = jobs.indices.map { index in
        KernelThread.start("worker \(index)", cpu: index % 2) {
          // relaxed: the gate only makes them start together.
          while gate.record.load(.relaxed) == 0 { _ = Machine.park(on: gate.record, while: 0) }
          for job in jobs[index] { job.submit() }
        }
      }
      pass(microseconds: 100)
      // relaxed: as above.
      gate.record.store(1, .relaxed)
      Machine.wake(gate.record)
      for thread in threads { thread.join() }
      let all = jobs.flatMap { $0 }
      for job in all { Machine.expect(job.waitScheduled(), "every job is scheduled") }
      Machine.expect(world.device.advance(128) == 128, "the device ends all of them")
      for job in all { Machine.expect(job.waitFinished(), "every job is over") }
      for entity in entities { entity.destroy() }
      for job in all { job.put() }
      Machine.free(gate)
      world.end()
    }
  }

  @Test func `drm_sched_concurrent_tests: drm_sched_interleaved_submit_test`() {
    simulate("drm_sched_interleaved_submit_test") {
      let world = MockWorld()
      let threads = (0..<16).map { index in
        KernelThread.start("worker \(index)", cpu: index % 2) {
          Self.submitInWindows(world, microseconds: 100 * UInt64(index + 1))
        }
      }
      for thread in threads { thread.join() }
      world.end()
    }
  }

  /// Keeps eight jobs in flight until there were enough.
  private static func submitInWindows(_ world: MockWorld, microseconds: UInt64) {
    let entity = world.entity()
    let count = max(1, Int(62_500 / microseconds))
    var jobs: [MockJob] = []
    func submitNext() {
      guard let job = MockJob.make(in: entity, microseconds: microseconds) else { return }
      job.submit()
      jobs.append(job)
    }
    for _ in 0..<min(count, 8) { submitNext() }
    var index = 0
    while index < jobs.count {
      _ = jobs[index].waitFinished(2_000)
      if jobs.count < count { submitNext() }
      index += 1
    }
    Machine.expect(jobs.count == count, "every job was submitted")
    for job in jobs {
      Machine.expect(job.waitFinished(60_000), "every job is over")
      job.put()
    }
    entity.destroy()
  }
}
