import Fences
import Foundation
import Kernel
import Machine
import SyncObjects
import Testing

/// The rows of the kernel's `sync` suite, under their own names, through a process's descriptors.
struct SyncRows {
  @Test func `sync: test_alloc_timeline`() throws {
    let process = SyncProcess()
    try process.close(process.timeline())
    process.end()
  }

  @Test func `sync: test_alloc_fence`() throws {
    let process = SyncProcess()
    let timeline = try process.timeline()
    let fence = try process.fence(timeline, 1)
    #expect(timeline >= 0 && fence >= 0)
    try process.close(fence, timeline)
    process.end()
  }

  @Test func `sync: test_alloc_fence_negative`() throws {
    let process = SyncProcess()
    let timeline = try process.timeline()
    #expect(throws: Errno.badDescriptor) { try process.fence(-1, 1) }
    try process.close(timeline)
    process.end()
  }

  @Test func `sync: test_fence_one_timeline_wait`() throws {
    let process = SyncProcess()
    let timeline = try process.timeline()
    let fence = try process.fence(timeline, 5)
    #expect(try !process.wait(fence, 0))
    try process.increment(timeline, 1)
    #expect(try !process.wait(fence, 0))
    try process.increment(timeline, 4)
    #expect(try process.wait(fence, 0))
    try process.increment(timeline, 10)
    #expect(try process.wait(fence, 0))
    try process.close(fence, timeline)
    process.end()
  }

  @Test func `sync: test_fence_one_timeline_merge`() throws {
    let process = SyncProcess()
    let timeline = try process.timeline()
    let points = try (1...3).map { try process.fence(timeline, UInt32($0)) }
    let inner = try process.merge(points[1], points[0])
    let whole = try process.merge(points[2], inner)
    for fence in points + [whole] { #expect(try process.count(fence, .active) == 1) }
    for fence in points {
      #expect(try process.count(whole, .active) == 1)
      try process.increment(timeline, 1)
      #expect(try process.count(fence, .signaled) == 1)
    }
    #expect(try process.count(whole, .active) == 0)
    // The latest point alone stands for the three.
    #expect(try process.count(whole, .signaled) == 1)
    for fence in points + [inner, whole, timeline] { try process.close(fence) }
    process.end()
  }

  @Test func `sync: test_fence_merge_same_fence`() throws {
    let process = SyncProcess()
    let timeline = try process.timeline()
    let fence = try process.fence(timeline, 5)
    let merged = try process.merge(fence, fence)
    #expect(try process.count(merged, .signaled) == 0)
    try process.increment(timeline, 5)
    #expect(try process.count(merged, .signaled) == 1)
    try process.close(fence, merged, timeline)
    process.end()
  }

  @Test func `sync: test_fence_multi_timeline_wait`() throws {
    let process = SyncProcess()
    let timelines = try (0..<3).map { _ in try process.timeline() }
    let fences = try timelines.map { try process.fence($0, 5) }
    let pair = try process.merge(fences[1], fences[0])
    let merged = try process.merge(fences[2], pair)
    #expect(try process.count(merged, .active) == 3)
    #expect(try !process.wait(merged, 0))
    for (number, timeline) in timelines.enumerated() {
      try process.increment(timeline, 5)
      #expect(try process.count(merged, .active) == 2 - number)
      #expect(try process.count(merged, .signaled) == 1 + number)
    }
    // Without end where the kernel says 100 ms: this test has no clock to lose against.
    #expect(try process.wait(merged, -1))
    for file in timelines + fences + [pair, merged] { try process.close(file) }
    process.end()
  }

  @Test func `sync: test_stress_two_threads_shared_timeline`() throws {
    let process = SyncProcess()
    let row = SharedTimelineRow(
      process: process, timeline: try process.timeline(),
      counter: Machine.permanent(Cell<UInt32>(0)), rounds: SyncProcess.rounds(of: 65_536))
    let isRight = Machine.permanent(Word<UInt32>(1))
    let threads = (0..<2).map { number in
      KernelThread.start("thread \(number)") {
        if !row.run(number) { isRight.record.store(0, .relaxed) }
      }
    }
    for thread in threads { thread.join() }
    #expect(isRight.record.load(.relaxed) == 1)
    #expect(row.counter.record.value == 2 * row.rounds)
    try process.close(row.timeline)
    process.end()
  }

  @Test func `sync: test_consumer_stress_multi_producer_single_consumer`() throws {
    let process = SyncProcess()
    let row = ProducersRow(
      process: process, consumer: try process.timeline(),
      producers: try (0..<5).map { _ in try process.timeline() },
      counter: Machine.permanent(GuardedCounter()), rounds: SyncProcess.rounds(of: 4_096))
    let isRight = Machine.permanent(Word<UInt32>(0))
    let threads =
      (0..<5).map { number in
        KernelThread.start("producer \(number)") { _ = row.produce(number) }
      } + [
        KernelThread.start("consumer") { isRight.record.store(row.consume() ? 1 : 0, .relaxed) }
      ]
    for thread in threads { thread.join() }
    #expect(isRight.record.load(.relaxed) == 1)
    for timeline in row.producers + [row.consumer] { try process.close(timeline) }
    process.end()
  }

  @Test func `sync: test_merge_stress_random_merge`() throws {
    let process = SyncProcess()
    var random = Random(1)
    let timelines = try (0..<32).map { _ in try process.timeline() }
    var latest = [UInt32?](repeating: nil, count: 32)
    latest[0] = 0
    var merged = try process.fence(timelines[0], 0)
    for _ in 0..<32_768 {
      let number = Int(random.next() % 32)
      let point = UInt32(random.next() % 0x7fff_ffff)
      latest[number] = max(latest[number] ?? 0, point)
      let fence = try process.fence(timelines[number], point)
      let next = try process.merge(fence, merged)
      try process.close(fence, merged)
      merged = next
    }
    #expect(try process.size(merged) == latest.count { $0 != nil })
    for (timeline, point) in zip(timelines, latest) {
      guard let point else { continue }
      #expect(try !process.wait(merged, 0))
      try process.increment(timeline, point)
    }
    #expect(try process.wait(merged, 0))
    try process.close(merged)
    for timeline in timelines { try process.close(timeline) }
    process.end()
  }
}

/// What the suite's helpers do, with a table of descriptors in place of a process.
struct SyncProcess: Sendable {
  let files = FileDescriptors.make()

  enum Count { case active, signaled, error }

  /// The kernel's number of rounds where that is asked for, otherwise a sixteenth of it: thousands
  /// of sleeps take long beside all other tests.
  static func rounds(of kernels: UInt32) -> UInt32 {
    ProcessInfo.processInfo.environment["FENCELAB_KERNEL_ROUNDS"] == nil ? kernels / 16 : kernels
  }

  func timeline() throws(Errno) -> Int32 { try files.openTimeline("sw_sync") }

  @discardableResult
  func fence(_ timeline: Int32, _ value: UInt32) throws(Errno) -> Int32 {
    try files.createFence(on: timeline, at: value)
  }

  func increment(_ timeline: Int32, _ count: UInt32) throws(Errno) {
    try files.increment(timeline, by: count)
  }

  func merge(_ one: Int32, _ other: Int32) throws(Errno) -> Int32 {
    try files.merge(one, with: other, name: "merged")
  }

  func wait(_ fence: Int32, _ milliseconds: Int) throws(Errno) -> Bool {
    try files.poll(fence, milliseconds: milliseconds)
  }

  func size(_ fence: Int32) throws(Errno) -> Int { try files.information(on: fence).fenceCount }

  func count(_ fence: Int32, _ wanted: Count) throws(Errno) -> Int {
    try files.information(on: fence, room: size(fence)).fences.count {
      switch $0.status {
      case .pending: wanted == .active
      case .done: wanted == .signaled
      case .failed: wanted == .error
      }
    }
  }

  func close(_ descriptors: Int32...) throws(Errno) {
    for descriptor in descriptors { try files.close(descriptor) }
  }

  func end() { files.destroy() }
}

/// Two threads that hand a plain counter to each other through one timeline.
struct SharedTimelineRow: Sendable {
  let process: SyncProcess
  let timeline: Int32
  let counter: Object<Cell<UInt32>>
  let rounds: UInt32

  /// Whether the thread found the counter as the other one left it, in every round.
  func run(_ thread: Int) -> Bool {
    for round in 0..<rounds {
      let turn = round * 2 + UInt32(thread)
      guard let fence = try? process.fence(timeline, turn) else { return false }
      guard let isOver = try? process.wait(fence, -1), isOver else { return false }
      guard counter.record.value == turn else { return false }
      counter.record.value += 1
      guard (try? process.increment(timeline, 1)) != nil else { return false }
      guard (try? process.close(fence)) != nil else { return false }
    }
    return true
  }
}

/// A counter under a lock.
struct GuardedCounter: ~Copyable {
  let lock = SpinLock()
  let count = Cell<UInt32>(0)

  func increment() { lock.withLockIRQSave { count.value += 1 } }
  var value: UInt32 { lock.withLockIRQSave { count.value } }
}

/// Producers that wait for a consumer's turn, and a consumer that waits for all of theirs.
struct ProducersRow: Sendable {
  let process: SyncProcess
  let consumer: Int32
  let producers: [Int32]
  let counter: Object<GuardedCounter>
  let rounds: UInt32

  func produce(_ number: Int) -> Bool {
    for round in 0..<rounds {
      guard let fence = try? process.fence(consumer, round) else { return false }
      // The kernel's row lets every eighth producer ask again and again in place of waiting.
      let asks = (Int(rounds) + number) % 8 == 0 && rounds > 8
      guard asks ? ask(fence) : (try? process.wait(fence, -1)) == true else { return false }
      counter.record.increment()
      guard (try? process.increment(producers[number], 1)) != nil else { return false }
      guard (try? process.close(fence)) != nil else { return false }
    }
    return true
  }

  func consume() -> Bool {
    for round in 1...rounds {
      guard let merged = try? mergedFence(round) else { return false }
      guard (try? process.wait(merged, -1)) == true else { return false }
      guard counter.record.value == round * UInt32(producers.count) else { return false }
      guard (try? process.increment(consumer, 1)) != nil else { return false }
      guard (try? process.close(merged)) != nil else { return false }
    }
    return true
  }

  /// Asks until nothing is active, and lets others run for a tick in between.
  private func ask(_ fence: Int32) -> Bool {
    while let count = try? process.count(fence, .active), count > 0 {
      guard (try? process.count(fence, .error)) == 0 else { return false }
      _ = try? process.wait(fence, 1)
    }
    return true
  }

  private func mergedFence(_ round: UInt32) throws(Errno) -> Int32 {
    var merged = try process.fence(producers[0], round)
    for producer in producers.dropFirst() {
      let fence = try process.fence(producer, round)
      let next = try process.merge(fence, merged)
      try process.close(fence, merged)
      merged = next
    }
    return merged
  }
}
