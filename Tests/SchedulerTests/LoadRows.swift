import Fences
import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// One client of the load-balancing rows: an entity, and a thread that feeds it in cycles.
struct Client: Sendable {
  var priority = Priority.normal
  var jobCount: UInt64 = 1
  var microseconds: UInt64
  var waits: UInt64 = 0
  var isSynchronous = false

  func cycleCount(for duration: UInt64) -> UInt64 {
    let cycle = jobCount * microseconds + waits
    return (duration + cycle - 1) / cycle
  }

  /// Feeds the entity for so long, in microseconds of work, and waits for the last job.
  func run(in entity: Entity, for duration: UInt64, cycles: Object<Word<UInt32>>) {
    var last: MockJob?
    for _ in 0..<cycleCount(for: duration) {
      for _ in 0..<jobCount {
        last?.put()
        last = MockJob.make(in: entity, microseconds: microseconds)
        last?.submit()
      }
      if isSynchronous { Machine.expect(last?.waitFinished(60_000) ?? false, "the cycle ends") }
      // relaxed: progress, for whoever looks.
      _ = cycles.record.fetchAdd(1, .relaxed)
      if waits > 0 { pass(microseconds: waits) }
    }
    Machine.expect(last?.waitFinished(60_000) ?? false, "the last job ends")
    last?.put()
  }
}

/// What the rows say of two clients.
struct Pair: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let clients: [Client]

  private init(_ name: String, _ first: Client, _ second: Client) {
    testDescription = name
    clients = [first, second]
  }

  private static func busy(_ priority: Priority) -> Client {
    Client(priority: priority, microseconds: 8_000)
  }

  private static func half(_ microseconds: UInt64, _ priority: Priority = .normal) -> Client {
    Client(
      priority: priority, microseconds: microseconds, waits: microseconds, isSynchronous: true)
  }

  private static func heavy(_ count: UInt64, _ microseconds: UInt64, _ waits: UInt64) -> Client {
    Client(jobCount: count, microseconds: microseconds, waits: waits, isSynchronous: true)
  }

  static let all = [
    Pair("Normal priority and normal priority", busy(.normal), busy(.normal)),
    Pair("Normal priority and low priority", busy(.normal), busy(.low)),
    Pair("High priority and normal priority", busy(.high), busy(.normal)),
    Pair("High priority and low priority", busy(.high), busy(.low)),
    Pair("50% and 50%", half(1_500), half(2_500)),
    Pair("50% and 50% low priority", half(1_500), half(2_500, .low)),
    Pair("50% high priority and 50%", half(1_500, .high), half(2_500)),
    Pair(
      "Low priority hog and interactive client",
      Client(priority: .low, jobCount: 3, microseconds: 2_500, waits: 500),
      heavy(1, 500, 10_000)),
    Pair("Heavy rendering and interactive client", heavy(3, 2_500, 2_500), heavy(1, 1_000, 9_000)),
    Pair(
      "Very heavy rendering and interactive client", heavy(4, 50_000, 1), heavy(1, 1_000, 9_000)),
  ]
}

/// The load-balancing rows: what they must come to is asserted, how fair it was is printed.
@Suite struct LoadRows {
  /// Runs clients side by side until each is done; prints when that was.
  private func share(
    _ title: String, _ clients: [Client], creditLimit: UInt32, duration: UInt64
  ) {
    let ends = Shares()
    simulate(title) {
      let world = MockWorld({ $0.creditLimit = creditLimit })
      let cycles = clients.map { _ in Machine.allocate(Word<UInt32>(0)) }
      let entities = clients.map { world.entity($0.priority) }
      let threads = clients.indices.map { index in
        KernelThread.start("client \(index)", cpu: 1) {
          clients[index].run(in: entities[index], for: duration, cycles: cycles[index])
          ends.note(index, at: Machine.clock())
        }
      }
      for thread in threads { thread.join() }
      for (client, count) in zip(clients, cycles) {
        Machine.expect(
          UInt64(count.record.load(.relaxed)) == client.cycleCount(for: duration),
          "every client reached its last cycle")
        Machine.free(count)
      }
      for entity in entities { entity.destroy() }
      world.end()
    }
    #expect(ends.count == clients.count, "every client is done")
    print("\(title), \(creditLimit) credits: done after \(ends.milliseconds) ms")
  }

  @Test(arguments: Pair.all)
  func `drm_sched_scheduler_two_clients_one_credit_tests`(pair: Pair) {
    share(pair.testDescription, pair.clients, creditLimit: 1, duration: 1_000_000)
  }

  @Test(arguments: Pair.all)
  func `drm_sched_scheduler_two_clients_two_credits_tests`(pair: Pair) {
    share(pair.testDescription, pair.clients, creditLimit: 2, duration: 1_000_000)
  }

  @Test(arguments: [2, 3, 7, 13, 31])
  func `drm_sched_scheduler_many_clients_tests`(count: Int) {
    let client = Client(
      jobCount: count == 31 ? 2 : 4, microseconds: 1_000, isSynchronous: true)
    share(
      "\(count) clients", Array(repeating: client, count: count), creditLimit: 2,
      duration: 1_000_000 / UInt64(count))
  }

  @Test(arguments: [1, 2])
  func `drm_sched_scheduler_overhead_tests`(entityCount: Int) {
    // With one entity the row is drm_sched_scheduler_queue_overhead, with two, whose jobs wait for
    // each other, it is drm_sched_scheduler_ping_pong.
    simulate("overhead") {
      let world = MockWorld({ $0.creditLimit = 1 })
      Machine.expect(world.scheduler.creditLimit == 1, "the row is about one credit")
      let entities = (0..<entityCount).map { _ in world.entity() }
      guard let blocking = MockJob.make(in: entities[0]) else { return }
      blocking.submit()
      var jobs = [blocking]
      for index in 1...1_000 {
        guard
          let job = MockJob.make(in: entities[index % entityCount], microseconds: 1_000),
          let last = jobs.last
        else { return }
        if entityCount > 1 { try? job.job.addDependency(last.finishedFence.get()) }
        job.submit()
        jobs.append(job)
      }
      Machine.expect(blocking.waitScheduled(), "the first job is scheduled")
      let start = Machine.clock()
      Machine.expect(world.device.advance(1) == 1, "the device ends it")
      Machine.expect(jobs.last?.waitFinished(5_000) ?? false, "the last job is over in time")
      print("overhead, \(entityCount): 1000 ms ideal, \((Machine.clock() - start) / 1_000_000) ms")
      for entity in entities { entity.destroy() }
      for job in jobs { job.put() }
      world.end()
    }
  }
}

/// When each client was done.
// Safety: coroutines of one OS thread use it one after another.
final class Shares: @unchecked Sendable {
  private var ends: [Int: UInt64] = [:]

  var count: Int { ends.count }
  var milliseconds: [UInt64] { ends.sorted { $0.key < $1.key }.map { $0.value / 1_000_000 } }

  func note(_ client: Int, at time: UInt64) { ends[client] = time }
}
