internal import Fences
internal import Glibc
internal import Kernel
internal import Machine

/// The rows: how many matrix products one look takes.
enum LookTable {
  private static let sampleCount = 9

  static func print(threadCountMax: Int) {
    let counts = threadCounts(upTo: threadCountMax)
    Swift.print("one look, in products of two 4×4 matrices; median of \(sampleCount)")
    Swift.print(row("threads", counts.map { "\($0)" }))
    for look in Look.allCases {
      for placement in Placement.allCases {
        let ratios = counts.map { ratio(look, placement, threads: $0) }
        Swift.print(row("\(look.rawValue), \(placement.rawValue)", ratios.map(text)))
      }
    }
    if threadCountMax > 1 {
      Swift.print(row("one line from CPU to CPU, shortest", ["", text(samples(of: handover)[0])]))
    }
  }

  private static func threadCounts(upTo limit: Int) -> [Int] {
    var counts = [1]
    while let last = counts.last, last * 2 <= limit { counts.append(last * 2) }
    if counts.last != limit { counts.append(limit) }
    return counts
  }

  // MARK: - Timing

  private static func ratio(_ look: Look, _ placement: Placement, threads: Int) -> Double {
    let times = look == .flag ? 2_000_000 : 200_000
    return samples(of: {
      let fences = placement.fences(threads + 1)
      let isWritten = look == .flagBesideWrites
      let nanoseconds = together(threads, bystander: isWritten ? fences[0] : nil) {
        precondition(look.perform(fences[$0 + 1], times) == times, "a stub is signaled")
      }
      return nanoseconds / Double(times) / matrixNanoseconds()
    })[sampleCount / 2]
  }

  /// Processor time of one of so many threads that run `body` at once, on average.
  private static func together(
    _ count: Int, bystander: Fence?, _ body: @escaping @Sendable (Int) -> Void
  ) -> Double {
    let state = Machine.permanent(alignment: 128, Turnstile())
    let threads = (0..<count).map { number in
      KernelThread.start("looker \(number)") {
        state.record.arrive(of: UInt32(count))
        let begin = processorTime()
        body(number)
        _ = state.record.nanoseconds.fetchAdd(processorTime() - begin, .full)
        _ = state.record.done.fetchAdd(1, .full)
      }
    }
    let writer = bystander.map { fence in
      KernelThread.start("bystander") {
        // relaxed: when exactly it stops does not matter.
        while state.record.done.load(.relaxed) < UInt32(count) { fence.get().put() }
      }
    }
    for thread in threads { thread.join() }
    writer?.join()
    // relaxed: the joins order.
    return Double(state.record.nanoseconds.load(.relaxed)) / Double(count)
  }

  /// How long a word takes from one thread to another, in matrix products.
  private static func handover() -> Double {
    let times: UInt32 = 50_000
    let ball = Machine.permanent(alignment: 128, Word<UInt32>(0))
    let nanoseconds = together(2, bystander: nil) { side in
      var next = UInt32(side)
      while next < 2 * times {
        // relaxed: nothing but the word itself is handed over, here and below.
        while ball.record.load(.relaxed) != next {}
        ball.record.store(next + 1, .relaxed)
        next += 2
      }
    }
    return nanoseconds / Double(2 * times) / matrixNanoseconds()
  }

  private static func matrixNanoseconds() -> Double {
    let times = 200_000
    // The angle is not known before the run, so that nothing is computed in advance.
    let matrix = Matrix(cosine: 0.6, sine: CommandLine.argc > 0 ? 0.8 : 0)
    let begin = processorTime()
    let trace = matrix.power(times)
    let end = processorTime()
    precondition(trace.isFinite, "a rotation stays a rotation")
    return Double(end - begin) / Double(times)
  }

  /// Nanoseconds that this thread has had a processor.
  private static func processorTime() -> UInt64 {
    var time = timespec()
    // Safety: the clock fills in what is handed to it.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  private static func samples(of sample: () -> Double) -> [Double] {
    (0..<sampleCount).map { _ in sample() }.sorted()
  }

  // MARK: - Text

  private static func row(_ title: String, _ cells: [String]) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let gap = String(repeating: " ", count: max(1, 52 - title.count))
    return title + gap + cells.map { padded($0, 8) }.joined()
  }

  private static func text(_ ratio: Double) -> String {
    let hundredths = Int((ratio * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}

/// Where threads meet before they begin.
private struct Turnstile: ~Copyable {
  let here = Word<UInt32>(0)
  let done = Word<UInt32>(0)
  let nanoseconds = Word<UInt64>(0)

  func arrive(of count: UInt32) {
    _ = here.fetchAdd(1, .full)
    Machine.spin(until: here.equals(count, .relaxed))
  }
}
