import Explorer
import Kernel
import Machine
import Testing

/// Complete executions that an optimal checker needs, one for each execution graph.
///
/// The counts were checked by enumeration or follow from a formula: N threads with K updates each
/// can be ordered in (NK)!/(K!)^N ways.
struct GraphCountTests {
  private struct Words: ~Copyable {
    let x = Word<UInt64>(0)
    let y = Word<UInt64>(0)
    let z = Word<UInt64>(0)
    let plain = Cell<UInt64>(0)
    let lock = SpinLock()
  }

  /// What a thread does first or last to one of two words.
  enum Step: Sendable {
    case write(Int, UInt64, StoreOrdering)
    case read(Int, LoadOrdering)
    case barrier
  }

  private func report(
    weak: Bool = true, _ scenario: @escaping @Sendable (Lab, Object<Words>) -> Void
  ) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = weak ? .weak : .sequential
    options.reduction = .graphs
    return explore("counted", options: options) { lab in
      let words = lab.allocate(Words())
      scenario(lab, words)
      lab.finally { lab.free(words) }
    }
  }

  private func executions(weak: Bool = true, _ threads: [[Step]]) -> Int {
    let report = report(weak: weak) { lab, words in
      for (cpu, steps) in threads.enumerated() {
        lab.thread("thread \(cpu)", cpu: cpu) {
          for step in steps { Self.take(step, words) }
        }
      }
    }
    #expect(report.verdict == .passed)
    #expect(report.redundant == 0)
    return report.executions
  }

  private static func take(_ step: Step, _ words: Object<Words>) {
    switch step {
    case .write(0, let value, let ordering): words.record.x.store(value, ordering)
    case .write(_, let value, let ordering): words.record.y.store(value, ordering)
    case .read(0, let ordering): _ = words.record.x.load(ordering)
    case .read(_, let ordering): _ = words.record.y.load(ordering)
    case .barrier: Machine.barrier(.full, edge: .none)
    }
  }

  // MARK: - Litmus shapes

  @Test func `store buffering has four executions, with full barriers three`() {
    let relaxed: [[Step]] = [
      [.write(0, 1, .relaxed), .read(1, .relaxed)], [.write(1, 1, .relaxed), .read(0, .relaxed)],
    ]
    #expect(executions(relaxed) == 4)
    #expect(executions(weak: false, relaxed) == 3)
    #expect(executions(relaxed.map { [$0[0], .barrier, $0[1]] }) == 3)
    let full: [[Step]] = [
      [.write(0, 1, .full), .read(1, .full)], [.write(1, 1, .full), .read(0, .full)],
    ]
    #expect(executions(full) == 3)
  }

  @Test func `load buffering has three executions, because it is not modelled`() {
    #expect(
      executions([
        [.read(0, .relaxed), .write(1, 1, .relaxed)],
        [.read(1, .relaxed), .write(0, 1, .relaxed)],
      ]) == 3)
  }

  @Test func `message passing has three executions`() {
    #expect(
      executions([
        [.write(0, 1, .relaxed), .write(1, 1, .release)],
        [.read(1, .acquire), .read(0, .relaxed)],
      ]) == 3)
  }

  @Test func `two writers and two readers have sixteen executions, fifteen in one order`() {
    func threads(_ store: StoreOrdering, _ load: LoadOrdering) -> [[Step]] {
      [
        [.write(0, 1, store)], [.write(1, 1, store)], [.read(0, load), .read(1, load)],
        [.read(1, load), .read(0, load)],
      ]
    }
    #expect(executions(threads(.release, .acquire)) == 16)
    #expect(executions(threads(.full, .full)) == 15)
    #expect(executions(weak: false, threads(.relaxed, .relaxed)) == 15)
  }

  @Test func `2+2W, R and S have four executions each`() {
    #expect(
      executions([
        [.write(0, 1, .relaxed), .write(1, 2, .relaxed)],
        [.write(1, 1, .relaxed), .write(0, 2, .relaxed)],
      ]) == 4)
    #expect(
      executions([
        [.write(0, 1, .relaxed), .write(1, 1, .relaxed)],
        [.write(1, 2, .relaxed), .read(0, .relaxed)],
      ]) == 4)
    #expect(
      executions([
        [.write(0, 2, .relaxed), .write(1, 1, .relaxed)],
        [.read(1, .relaxed), .write(0, 1, .relaxed)],
      ]) == 4)
  }

  @Test func `two readers of two writes to one word have 72 executions`() {
    #expect(
      executions([
        [.write(0, 1, .relaxed)], [.write(0, 2, .relaxed)],
        [.read(0, .relaxed), .read(0, .relaxed)], [.read(0, .relaxed), .read(0, .relaxed)],
      ]) == 72)
  }

  @Test func `independent writers have one execution`() {
    let report = report { lab, words in
      lab.thread("x", cpu: 0) {
        for value in 1...2 { words.record.x.store(UInt64(value), .relaxed) }
      }
      lab.thread("y", cpu: 1) {
        for value in 1...2 { words.record.y.store(UInt64(value), .relaxed) }
      }
      lab.thread("z", cpu: 2) {
        for value in 1...2 { words.record.z.store(UInt64(value), .relaxed) }
      }
    }
    #expect(report.verdict == .passed)
    #expect(report.executions == 1)
  }

  // MARK: - Plain data

  @Test(arguments: [
    (StoreOrdering.release, true, Verdict.passed, 2), (.release, false, .dataRace, 0),
    (.relaxed, true, .dataRace, 0),
  ])
  func `plain data may be read once the flag was seen, and the flag is a release`(
    _ row: (ordering: StoreOrdering, looks: Bool, verdict: Verdict, executions: Int)
  ) {
    let report = report { lab, words in
      lab.thread("writer", cpu: 0) {
        words.record.plain.value = 1
        words.record.y.store(1, row.ordering)
      }
      lab.thread("reader", cpu: 1) {
        let seen = words.record.y.load(.acquire) == 1
        if seen || !row.looks { _ = words.record.plain.value }
      }
    }
    #expect(report.verdict == row.verdict)
    if row.verdict == .passed { #expect(report.executions == row.executions) }
  }

  // MARK: - Updates and locks

  @Test(arguments: [(3, 2, 90), (3, 3, 1680), (4, 2, 2520)])
  func `updates of one word have one execution for each order`(
    _ row: (threads: Int, each: Int, executions: Int)
  ) {
    let report = report { lab, words in
      for cpu in 0..<row.threads {
        lab.thread("thread \(cpu)", cpu: cpu) {
          for _ in 0..<row.each { _ = words.record.x.fetchAdd(1, .relaxed) }
        }
      }
    }
    #expect(report.verdict == .passed)
    #expect(report.executions == row.executions)
    #expect(report.redundant == 0)
  }

  @Test(arguments: [(2, 2, 6), (3, 1, 6), (3, 3, 1680)])
  func `critical sections have one execution for each order`(
    _ row: (threads: Int, each: Int, executions: Int)
  ) {
    let report = report { lab, words in
      for cpu in 0..<row.threads {
        lab.thread("thread \(cpu)", cpu: cpu) {
          for _ in 0..<row.each {
            words.record.lock.lock()
            words.record.plain.value += 1
            words.record.lock.unlock()
          }
        }
      }
      lab.finally {
        lab.expect(words.record.plain.value == UInt64(row.threads * row.each), "all are counted")
      }
    }
    #expect(report.verdict == .passed)
    #expect(report.executions == row.executions)
  }

  @Test func `two threads that drop a reference have two executions`() {
    let report = report { lab, words in
      words.record.x.store(2, .relaxed)
      for cpu in 0..<2 {
        lab.thread("owner \(cpu)", cpu: cpu) {
          if words.record.x.fetchSubtract(1, .full) == 1 { words.record.y.store(1, .relaxed) }
        }
      }
    }
    #expect(report.executions == 2)
  }

  // MARK: - A stack

  private struct Node: ~Copyable { let next = Cell<Object<Node>?>(nil) }
  private struct Stack: ~Copyable { let top = Word<Object<Node>?>(nil) }

  @Test(arguments: [(true, 46), (false, 10)])
  func `two threads that push and pop have 46 executions, without retries ten`(
    _ row: (retries: Bool, executions: Int)
  ) {
    var options = ExplorationOptions()
    options.memory = .weak
    let complete = Outcomes()
    let report = explore("Treiber stack", options: options) { lab in
      let stack = lab.allocate(Stack())
      let nodes = [lab.allocate(Node()), lab.allocate(Node())]
      let gaveUp = lab.allocate(Word<UInt64>(0))
      for (cpu, node) in nodes.enumerated() {
        lab.thread("thread \(cpu)", cpu: cpu) {
          if !Self.push(node, stack, row.retries) || !Self.pop(stack, row.retries) {
            gaveUp.record.store(1, .relaxed)
          }
        }
      }
      lab.finally {
        if gaveUp.record.load(.relaxed) == 0 { complete.note(0) }
        lab.free(gaveUp)
        lab.free(stack)
        for node in nodes { lab.free(node) }
      }
    }
    #expect(report.verdict == .passed)
    #expect(complete.counts[[0]] == row.executions)
  }

  private static func push(_ node: Object<Node>, _ stack: Object<Stack>, _ retries: Bool) -> Bool {
    repeat {
      let top = stack.record.top.load(.relaxed)
      node.record.next.value = top
      if stack.record.top.compareExchange(top, with: node, .release) == top { return true }
    } while retries
    return false
  }

  private static func pop(_ stack: Object<Stack>, _ retries: Bool) -> Bool {
    repeat {
      guard let top = stack.record.top.load(.acquire) else { return true }
      let next = top.record.next.value
      if stack.record.top.compareExchange(top, with: next, .acquire) == top { return true }
    } while retries
    return false
  }
}
