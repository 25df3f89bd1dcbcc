internal import BenchmarkKit
internal import Explorer
internal import Glibc
internal import Kernel
internal import Machine

/// A program that both searches finish.
struct Scenario: Sendable {
  let name: String
  let body: @Sendable (Lab) -> Void

  static let all = [
    Scenario(name: "3 threads, 2 additions each") { lab in
      let words = lab.allocate(Words())
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<2 { _ = words.record.x.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally { lab.free(words) }
    },
    Scenario(name: "3 threads, 3 words, some shared") { lab in
      let words = lab.allocate(Words())
      lab.thread("P0", cpu: 0) {
        _ = words.record.x.fetchAdd(1, .relaxed)
        words.record.y.store(1, .relaxed)
        _ = words.record.x.fetchAdd(1, .relaxed)
      }
      lab.thread("P1", cpu: 1) {
        _ = words.record.x.fetchAdd(1, .relaxed)
        words.record.z.store(1, .relaxed)
        _ = words.record.y.load(.relaxed)
      }
      lab.thread("P2", cpu: 2) {
        words.record.z.store(2, .relaxed)
        _ = words.record.x.fetchAdd(1, .relaxed)
        _ = words.record.z.load(.relaxed)
      }
      lab.finally { lab.free(words) }
    },
    Scenario(name: "3 threads, mostly apart") { lab in
      let words = lab.allocate(Words())
      lab.thread("P0", cpu: 0) {
        for _ in 0..<3 { words.record.x.store(1, .relaxed) }
        _ = words.record.z.fetchAdd(1, .relaxed)
      }
      lab.thread("P1", cpu: 1) {
        for _ in 0..<3 { words.record.y.store(1, .relaxed) }
        _ = words.record.z.fetchAdd(1, .relaxed)
      }
      lab.thread("P2", cpu: 2) { for _ in 0..<3 { _ = words.record.z.fetchAdd(1, .relaxed) } }
      lab.finally { lab.free(words) }
    },
    Scenario(name: "3 threads, 3 additions each under a lock") { lab in
      let words = lab.allocate(Words())
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<3 {
            words.record.lock.lock()
            words.record.sum.value += 1
            words.record.lock.unlock()
          }
        }
      }
      lab.finally { lab.free(words) }
    },
    Scenario(name: "2 writers, 2 readers of both (IRIW)") { lab in
      let words = lab.allocate(Words())
      lab.thread("P0", cpu: 0) { words.record.x.store(1, .release) }
      lab.thread("P1", cpu: 1) { words.record.y.store(1, .release) }
      lab.thread("P2", cpu: 2) {
        _ = words.record.x.load(.acquire)
        _ = words.record.y.load(.acquire)
      }
      lab.thread("P3", cpu: 3) {
        _ = words.record.y.load(.acquire)
        _ = words.record.x.load(.acquire)
      }
      lab.finally { lab.free(words) }
    },
    Scenario(name: "3 threads, 3 additions each") { lab in
      let words = lab.allocate(Words())
      for thread in 0..<3 {
        lab.thread("P\(thread)", cpu: thread) {
          for _ in 0..<3 { _ = words.record.x.fetchAdd(1, .relaxed) }
        }
      }
      lab.finally { lab.free(words) }
    },
    Scenario(name: "2 writers, 2 readers that look 3 times") { lab in
      let words = lab.allocate(Words())
      for thread in 0..<2 {
        lab.thread("W\(thread)", cpu: thread) { words.record.x.store(UInt64(thread), .relaxed) }
        lab.thread("R\(thread)", cpu: 2 + thread) {
          for _ in 0..<3 { _ = words.record.x.load(.relaxed) }
        }
      }
      lab.finally { lab.free(words) }
    },
  ]

  /// Time for one execution, reduced over unreduced.
  func costOfAnExecution() -> Pairing {
    Pairing(
      name, pairs: 41, ours: { timePerExecution(.dynamic) }, theirs: { timePerExecution(.none) })
  }

  /// Time for the whole tree, reduced over unreduced, and how large both trees are.
  func wholeSearch(
    _ reduction: ExplorationOptions.Reduction, _ memory: ExplorationOptions.Memory = .sequential
  ) -> WholeSearch {
    let reduced = search(reduction, memory).executions
    let unreduced = search(.none).executions
    let pairing = Pairing(
      name, pairs: 21, ours: { search(reduction, memory).time }, theirs: { search(.none).time })
    return WholeSearch(pairing: pairing, executions: reduced, unreduced: unreduced)
  }

  /// In 1/1000 of a nanosecond, so that a short time has digits left.
  private func timePerExecution(_ reduction: ExplorationOptions.Reduction) -> UInt64 {
    var executions = 0
    var time: UInt64 = 0
    // At least 4 ms for a sample, whatever the size of the tree.
    while time < 4_000_000 {
      let one = search(reduction)
      executions += one.executions
      time += one.time
    }
    return time * 1000 / UInt64(executions)
  }

  private func search(
    _ reduction: ExplorationOptions.Reduction, _ memory: ExplorationOptions.Memory = .sequential
  ) -> (executions: Int, time: UInt64) {
    var options = ExplorationOptions()
    options.reduction = reduction
    options.memory = memory
    let begin = threadTime()
    let report = explore(name, options: options, body)
    let time = threadTime() - begin
    precondition(report.verdict == .passed, "the scenario must pass: \(report)")
    return (report.executions, time)
  }

  private func threadTime() -> UInt64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }
}

/// The time of one search over that of its unreduced twin, and how large both trees are.
struct WholeSearch {
  let pairing: Pairing
  let executions: Int
  let unreduced: Int

  /// The most that the ratio may be: 3 where the twin's tree is less than ten times as large, a
  /// fifth where it is more than thirty times as large.
  ///
  /// - Parameter ofGraphs: The budgets are those of the optimal search.
  func budget(ofGraphs: Bool) -> Double? {
    guard ofGraphs else { return nil }
    if unreduced < 10 * executions { return 3 }
    return unreduced > 30 * executions ? 0.2 : nil
  }
}

/// What the threads share.
struct Words: ~Copyable {
  let x = Word<UInt64>(0)
  let y = Word<UInt64>(0)
  let z = Word<UInt64>(0)
  let lock = SpinLock()
  let sum = Cell<UInt64>(0)
}
