internal import BenchmarkKit
internal import Fences
internal import Glibc

/// The designs of one debate and the operation that is timed under each.
struct Contest {
  /// Does the operation so many times on what it was made with.
  typealias Loop = (_ times: UInt64) -> Void

  /// One design.
  struct Entrant {
    let design: String
    var policy = FencePolicy.upstream
    /// Prepares the operation, under the policy.
    let prepare: () -> Loop
  }

  /// As `fencelab compare` calls it.
  let debate: String
  let operation: String
  /// The first is what the others are compared with.
  let entrants: [Entrant]
  /// Why a design is not timed.
  var absences: [String: String] = [:]

  /// What is printed: a record without its provenance.
  struct Record: Encodable {
    struct Timing: Encodable {
      let design: String
      let median: Double
      let low: Double
      let high: Double
      let pairs: Int
    }

    let debate: String
    let operation: String
    let timings: [Timing]
    let absences: [String: String]
  }

  // MARK: - Timing

  private static let pairCount = 101

  /// Times every design beside the first.
  func timed() -> Record {
    let times = turnsOfAMillisecond(entrants[0])
    let timings = entrants.map { entrant in
      let pairing = Pairing(
        entrant.design, pairs: Self.pairCount, ours: sample(entrant, times),
        theirs: sample(entrants[0], times))
      return Record.Timing(
        design: entrant.design, median: Self.rounded(pairing.median),
        low: Self.rounded(pairing.spread.lowerBound),
        high: Self.rounded(pairing.spread.upperBound), pairs: Self.pairCount)
    }
    return Record(debate: debate, operation: operation, timings: timings, absences: absences)
  }

  /// Processor time of this thread for so many operations.
  private func sample(_ entrant: Entrant, _ times: UInt64) -> () -> UInt64 {
    let loop = FencePolicy.with(entrant.policy) { entrant.prepare() }
    return {
      FencePolicy.with(entrant.policy) {
        let begin = Self.processorTime()
        loop(times)
        return Self.processorTime() - begin
      }
    }
  }

  private func turnsOfAMillisecond(_ entrant: Entrant) -> UInt64 {
    let time = { sample(entrant, $0)() }
    var times: UInt64 = 1000
    while time(times) < 1_000_000 { times *= 2 }
    return times
  }

  private static func rounded(_ ratio: Double) -> Double { (ratio * 1000).rounded() / 1000 }

  private static func processorTime() -> UInt64 {
    var time = timespec()
    // Safety: the clock fills in what is handed to it.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
