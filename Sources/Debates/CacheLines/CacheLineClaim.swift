public import CacheModel

/// What was said about cache lines in the debate, and what the model says.
public enum CacheLineClaim {
  /// Every claim, counted anew.
  public static func all(under coherence: CacheMachine.Coherence = .mesi) -> [CountedClaim] {
    let bench = CacheLineBench(coherence)
    return [
      bench.settles, bench.pingPongs, bench.barriersInvalidateNothing, bench.paddingAgainstTakers,
      bench.paddingForReaders, bench.twoUpdatesForALook, bench.referencePaysAlready,
      bench.privateCosts, bench.copyNeedsNoPadding, bench.missAgainstMatrix,
    ]
  }
}

/// Runs the workloads that the claims are about.
private struct CacheLineBench {
  let coherence: CacheMachine.Coherence

  init(_ coherence: CacheMachine.Coherence) { self.coherence = coherence }

  private func workload(_ look: StubLook, _ placement: StubPlacement = .shared) -> StubWorkload {
    var workload = StubWorkload(look, placement)
    workload.coherence = coherence
    return workload
  }

  private func cost(_ look: StubLook, _ placement: StubPlacement = .shared) -> LookCost {
    workload(look, placement).settled
  }

  // MARK: - Said in the thread

  var settles: CountedClaim {
    func flags(rounds: Int) -> CacheCounts {
      workload(.flagLoad).run(rounds: rounds).counts(of: "flags", in: "the stub")
    }
    let (few, many) = (flags(rounds: 1), flags(rounds: 50))
    return CountedClaim(
      id: "settles", statement: "a line that is only read settles in all caches",
      source: "Christian König, 17 June 2026",
      result: "4 CPUs miss \(few.misses) times in the first round, \(many.misses) times in 50",
      holds: few.misses == 4 && many.misses == 4 && many.invalidations == 0)
  }

  var pingPongs: CountedClaim {
    let cost = cost(.lockAndTest)
    return CountedClaim(
      id: "ping-pong", statement: "taking the lock makes the line go back and forth",
      source: "Christian König, 17 June 2026",
      result: "each look misses \(cost.misses) time and asks \(cost.readsForOwnership) time for "
        + "the line to itself",
      holds: cost.misses.value == 100 && cost.readsForOwnership.value == 100)
  }

  var barriersInvalidateNothing: CountedClaim {
    var fenced = workload(.flagLoad)
    fenced.hasBarriers = true
    let (plain, ordered) = (workload(.flagLoad).run(rounds: 50), fenced.run(rounds: 50))
    return CountedClaim(
      id: "barriers", statement: "barriers invalidate no line",
      source: "Philipp Stanner, 17 June 2026",
      result: "\(ordered.barriers) full barriers: \(ordered.total.invalidations) invalidations, "
        + "the lines stay as without",
      holds: ordered.barriers == 400 && plain.fields == ordered.fields)
  }

  var paddingAgainstTakers: CountedClaim {
    let (together, apart) = (cost(.lockAndTest), cost(.lockAndTest, .sharedPadded))
    return CountedClaim(
      id: "padding-takers", statement: "padding does not help those who take the lock",
      source: "Christian König, June 2026",
      result: "misses a look: \(together.misses) on one line, \(apart.misses) on three lines",
      holds: together.misses.value == 100 && apart.misses.value == 100)
  }

  var paddingForReaders: CountedClaim {
    let together = cost(.flagBesideWrites)
    let apart = cost(.flagBesideWrites, .sharedPadded)
    return CountedClaim(
      id: "padding-readers", statement: "padding helps those who read beside a written field",
      source: "Philipp Stanner asked, 17 June 2026",
      result: "misses a look: \(together.misses) on one line, \(apart.misses) on three lines",
      holds: together.misses.value == 100 && apart.misses.value == 0)
  }

  var twoUpdatesForALook: CountedClaim {
    let cost = cost(.getTestPut)
    return CountedClaim(
      id: "two-updates", statement: "a reference costs two atomic updates for each look",
      source: "Jason Ekstrand, 10 June 2021",
      result: "\(cost.updates) updates a look; the first misses, the second finds the line: "
        + "\(cost.misses) miss",
      holds: cost.updates.value == 200 && cost.misses.value == 100)
  }

  // MARK: - Deduced

  var referencePaysAlready: CountedClaim {
    let (reference, lock) = (cost(.getTestPut), cost(.lockAndTest))
    return CountedClaim(
      id: "reference-pays",
      statement: "who takes a reference to look moves the line as often as who takes the lock",
      source: "our deduction",
      result: "\(reference.misses) miss a look with the reference, \(lock.misses) with the lock",
      holds: reference.misses == lock.misses)
  }

  var privateCosts: CountedClaim {
    let packed = cost(.getTestPut, .privatePacked)
    let padded = cost(.getTestPut, .privatePadded)
    let pair = workload(.getTestPut, .privatePacked).run(rounds: 8).falseSharing.first
    return CountedClaim(
      id: "private", statement: "a stub for each CPU helps only on lines of its own",
      source: "our deduction",
      result: "misses a look: \(packed.misses) packed, a stub's \(Self.field(pair?.missed)) "
        + "because of its neighbour's \(Self.field(pair?.written)); \(padded.misses) padded",
      holds: packed.misses.value > 0 && padded.misses.value == 0 && pair != nil)
  }

  /// The last part of a word's name.
  private static func field(_ name: String?) -> Substring {
    name?.split(separator: ".").last ?? "nothing"
  }

  var copyNeedsNoPadding: CountedClaim {
    let (packed, padded) = (cost(.perCPUCopy), cost(.perCPUCopy, .sharedPadded))
    return CountedClaim(
      id: "copy", statement: "a copy that is written once needs no line of its own",
      source: "our deduction",
      result: "misses a look: \(packed.misses) packed, \(padded.misses) padded",
      holds: packed.misses.value == 0 && padded.misses.value == 0)
  }

  var missAgainstMatrix: CountedClaim {
    let latency = CacheMachine.Latencies().transfer
    // Four times four sums of four products.
    let operations = 16 * (4 + 3)
    return CountedClaim(
      id: "matrix", statement: "in the time of a miss one can multiply two 4×4 matrices",
      source: "Christian König, 17 June 2026",
      result: "\(operations) multiplications and additions against \(latency) cycles of the model, "
        + "which are chosen and not measured",
      holds: operations < 2 * latency && latency < 2 * operations)
  }
}
