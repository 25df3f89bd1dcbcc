import Explorer
import Foundation
import Kernel
import Machine
import Testing

/// Several processes find what one finds, and count the same.
@Suite struct JobsModelTests {
  private func report(
    _ jobs: Int, executionsMax: Int, _ memory: ExplorationOptions.Memory,
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) throws -> Data {
    var options = ExplorationOptions()
    options.jobs = jobs
    options.memory = memory
    options.executionsMax = executionsMax
    let report = explore("jobs", options: options, scenario)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return try encoder.encode(report)
  }

  private func expectEqualReports(
    executionsMax: Int = 1_000_000, _ memory: ExplorationOptions.Memory,
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) throws {
    let alone = try report(1, executionsMax: executionsMax, memory, scenario)
    for jobs in [2, 3, 5] {
      let together = try report(jobs, executionsMax: executionsMax, memory, scenario)
      #expect(
        String(decoding: together, as: UTF8.self) == String(decoding: alone, as: UTF8.self),
        "\(jobs) jobs")
    }
  }

  /// `count` threads add to one word and note what they saw.
  private static func adders(
    _ count: Int, times: Int, _ broken: Bool = false
  ) -> @Sendable (Lab) -> Void {
    { lab in
      let w = lab.allocate(Words())
      for thread in 0..<count {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<times { _ = w.record.x.fetchAdd(1 << (UInt64(thread) * 8), .relaxed) }
          if thread == 0 { w.record.r0.store(w.record.x.load(.relaxed), .relaxed) }
        }
      }
      lab.finally {
        let seen = w.record.r0.load(.relaxed)
        lab.outcome("r0=\(seen)")
        lab.expect(!broken || seen & 0xFF00 != 0, "P0 sees something of P1")
        lab.free(w)
      }
    }
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `a pass counts the same executions and outcomes`(
    memory: ExplorationOptions.Memory
  ) throws {
    try expectEqualReports(memory, Self.adders(4, times: 2))
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `the first failure of the search is the one that is reported`(
    memory: ExplorationOptions.Memory
  ) throws {
    try expectEqualReports(memory, Self.adders(4, times: 2, true))
  }

  @Test(arguments: [1, 600, 777, 2000], ExplorationOptions.Memory.allCases)
  func `a budget ends at the same execution`(
    executionsMax: Int, memory: ExplorationOptions.Memory
  ) throws {
    try expectEqualReports(executionsMax: executionsMax, memory, Self.adders(4, times: 2))
  }

  @Test func `what a handler uses turns out in every process`() throws {
    try expectEqualReports(.weak) { lab in
      let w = lab.allocate(Words())
      lab.interrupt("handler", cpu: 0) {
        // Only where the task was seen to have begun does the handler use its other word.
        if w.record.x.load(.relaxed) & 0xFF > 1 { w.record.y.store(1, .relaxed) }
      }
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<2 { _ = w.record.x.fetchAdd(1 << (UInt64(thread) * 8), .relaxed) }
          if thread == 0 { w.record.r0.store(w.record.y.load(.relaxed), .relaxed) }
        }
      }
      lab.finally {
        lab.outcome("r0=\(w.record.r0.load(.relaxed)) y=\(w.record.y.load(.relaxed))")
        lab.free(w)
      }
    }
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `what an interrupt raises runs in every process`(memory: ExplorationOptions.Memory) throws {
    try expectEqualReports(memory) { lab in
      let w = lab.allocate(Words())
      lab.interrupt("handler", cpu: 0) {
        Softirq.raise("bottom half") {
          if w.record.x.load(.relaxed) & 0xFF > 1 { w.record.y.store(1, .relaxed) }
        }
      }
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<2 { _ = w.record.x.fetchAdd(1 << (UInt64(thread) * 8), .relaxed) }
          if thread == 0 { w.record.r0.store(w.record.y.load(.relaxed), .relaxed) }
        }
      }
      lab.finally {
        lab.outcome("r0=\(w.record.r0.load(.relaxed)) y=\(w.record.y.load(.relaxed))")
        lab.free(w)
      }
    }
  }

  @Test func `an order of locks is put together from all processes`() throws {
    try expectEqualReports(.weak) { lab in
      let w = lab.allocate(Words())
      let locks = [lab.allocate(SpinLock()), lab.allocate(SpinLock())]
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<2 { _ = w.record.x.fetchAdd(1 << (UInt64(thread) * 8), .relaxed) }
          // The second order is taken only where the threads came in a certain order.
          guard thread == 2, w.record.x.load(.relaxed) == 0x02_02_02 else { return }
          for (outer, inner) in [(0, 1), (1, 0)] {
            locks[outer].record.lock()
            locks[inner].record.lock()
            locks[inner].record.unlock()
            locks[outer].record.unlock()
          }
        }
      }
      lab.finally {
        lab.free(w)
        locks.forEach(lab.free)
      }
    }
  }

  @Test(arguments: ExplorationOptions.Memory.allCases)
  func `open choices and locks are shared out, too`(
    memory: ExplorationOptions.Memory
  ) throws {
    try expectEqualReports(memory) { lab in
      let w = lab.allocate(Words())
      let lock = lab.allocate(SpinLock())
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          let step = lab.choose(below: 2, "step")
          for _ in 0..<2 {
            lock.record.lock()
            w.record.y.store(w.record.y.load(.relaxed) + step, .relaxed)
            lock.record.unlock()
          }
        }
      }
      lab.finally {
        lab.outcome("y=\(w.record.y.load(.relaxed))")
        lab.free(w)
        lab.free(lock)
      }
    }
  }

  @Test func `a free that nothing orders is searched for equally long`() throws {
    try expectEqualReports(.sequential) { lab in
      let shared = lab.allocate(Plain())
      let w = lab.allocate(Words())
      lab.thread("user", cpu: 0) {
        shared.record.data.value = 1
        w.record.z.store(1, .release)
        _ = w.record.x.fetchAdd(1, .relaxed)
        _ = w.record.x.fetchAdd(1, .relaxed)
      }
      lab.thread("owner", cpu: 1) {
        lab.spin(until: w.record.z.equals(1, .relaxed))
        lab.free(shared)
        _ = w.record.x.fetchAdd(1, .relaxed)
        _ = w.record.x.fetchAdd(1, .relaxed)
      }
      for cpu in 2..<4 {
        lab.thread("other \(cpu)", cpu: cpu) {
          for _ in 0..<2 { _ = w.record.x.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally { lab.free(w) }
    }
  }
}
