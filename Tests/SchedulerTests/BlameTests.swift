import Fences
import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// Who is blamed for a hang, and what becomes of that client's jobs.
@Suite struct BlameTests {
  @Test func `a client is guilty at the first blame, if it has a flag for that`() {
    simulate("blame") {
      let stage = Stage()
      let scheduler = stage.scheduler { $0.hangLimit = 5 }
      let guilty = Machine.allocate(Word<Bool>(false))
      // Two entities of one client.
      let entities = [
        Entity.make(on: scheduler, guilty: guilty), Entity.make(on: scheduler, guilty: guilty),
        Entity.make(on: scheduler),
      ]
      let acts = entities.map { stage.submit(to: $0) }
      scheduler.increaseKarma(of: acts[2].job)
      Machine.expect(!entities[2].isGuilty && acts[2].job.karma == 1, "it has no flag")
      Machine.expect(!entities[0].isGuilty, "nobody else is guilty")
      scheduler.increaseKarma(of: acts[0].job)
      Machine.expect(entities[0].isGuilty && entities[1].isGuilty, "the client is guilty")
      var seen: [Errno?] = []
      stage.onRun = { act in
        seen.append(act.error)
        return .done
      }
      let next = entities.map { stage.submit(to: $0) }
      Machine.expect(seen == [.cancelled, .cancelled, nil], "the back end is told: \(seen)")
      Machine.expect(next.map(\.error) == seen, "and so are others")
      for act in acts { stage.finish(act) }
      for entity in entities { entity.destroy() }
      scheduler.destroy()
      stage.end()
      Machine.free(guilty)
    }
  }

  @Test func `nobody blames memory management`() {
    simulate("kernel priority") {
      let stage = Stage()
      let scheduler = stage.scheduler()
      let guilty = Machine.allocate(Word<Bool>(false))
      let entity = Entity.make(on: scheduler, priority: .kernel, guilty: guilty)
      let act = stage.submit(to: entity)
      scheduler.increaseKarma(of: act.job)
      Machine.expect(act.job.karma == 0 && !entity.isGuilty, "it is spared")
      stage.finish(act)
      entity.destroy()
      scheduler.destroy()
      stage.end()
      Machine.free(guilty)
    }
  }

  @Test(arguments: [0, 1] as [UInt32])
  func `beyond the hang limit the jobs of one context do not run again`(hangLimit: UInt32) {
    simulate("hang limit \(hangLimit)") {
      let stage = Stage()
      let scheduler = stage.scheduler { $0.hangLimit = hangLimit }
      let entities = [Entity.make(on: scheduler), Entity.make(on: scheduler)]
      let acts = [0, 1, 0, 1].map { stage.submit(to: entities[$0]) }
      scheduler.stop()
      for act in acts.prefix(2) { scheduler.increaseKarma(of: act.job) }
      var seen: [Errno?] = []
      stage.onRun = { act in
        seen.append(act.error)
        return act.error == nil ? .submitted(act.hardware.get()) : .done
      }
      scheduler.resubmit()
      // Both were blamed; only the first context beyond the limit pays.
      let expected: [Errno?] =
        hangLimit == 0 ? [.cancelled, nil, .cancelled, nil] : [nil, nil, nil, nil]
      Machine.expect(seen == expected, "\(hangLimit): \(seen)")
      scheduler.start()
      for act in acts { stage.finish(act) }
      Machine.expect(acts.map(\.error) == expected, "the others end well")
      for entity in entities { entity.destroy() }
      scheduler.destroy()
      stage.end()
    }
  }
}
