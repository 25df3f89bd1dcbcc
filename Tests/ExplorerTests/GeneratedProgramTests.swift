import Explorer
import Machine
import Testing

/// The reduced search against the unreduced one, over programs that nobody wrote by hand: locks,
/// interrupts, masked and unpreempted regions, grace periods, spinning, sleeping, choices.
@Suite struct GeneratedProgramTests {
  @Test(arguments: [false, true])
  func `the reduced search finds the outcomes and the verdict of the unreduced one`(waits: Bool) {
    var (compared, executions, redundant) = (0, 0, 0)
    for seed in 1...120 as ClosedRange<UInt64> {
      let program = GeneratedProgram(seed: seed, waits: waits)
      let (oracle, expected) = program.run(.none)
      guard oracle.failure != nil || oracle.isExhaustive else { continue }
      let (report, outcomes) = program.run(.dynamic)
      #expect(
        (report.failure == nil) == (oracle.failure == nil),
        "seed \(seed): \(report.verdict) against \(oracle.verdict)"
      )
      if oracle.failure == nil { #expect(outcomes.set == expected.set, "seed \(seed)") }
      compared += 1
      executions += report.executions
      redundant += report.redundant
    }
    #expect(compared > 60)
    print("compared \(compared) programs, \(executions) executions, \(redundant) redundant")
  }

  @Test(arguments: [false, true])
  func `graphs in sequential memory have the outcomes of all interleavings`(waits: Bool) {
    var (compared, withHandlers) = (0, 0)
    for seed in 1...40 as ClosedRange<UInt64> {
      let program = GeneratedProgram(seed: seed, waits: waits)
      guard program.hasOneTaskPerCPU else { continue }
      let (oracle, expected) = program.run(.none)
      guard oracle.failure != nil || oracle.isExhaustive else { continue }
      let (report, outcomes) = program.run(.graphs)
      #expect(
        (report.failure == nil) == (oracle.failure == nil),
        "seed \(seed): \(report.verdict) against \(oracle.verdict) \(program.threads)")
      if oracle.failure == nil {
        #expect(outcomes.set == expected.set, "seed \(seed) \(program.threads)")
      }
      compared += 1
      if program.threads.contains(where: { $0.context != .task }) { withHandlers += 1 }
    }
    #expect(compared > 10)
    #expect(withHandlers > 1)
  }

  @Test(arguments: [false, true])
  func `softirqs too have the outcomes of all interleavings`(waits: Bool) {
    var (compared, inGraphs) = (0, 0)
    for seed in 1...60 as ClosedRange<UInt64> {
      let program = GeneratedProgram(seed: seed, waits: waits, more: .softirqs)
      let (oracle, expected) = program.run(.none)
      guard oracle.failure != nil || oracle.isExhaustive else { continue }
      compared += 1
      var reductions: [ExplorationOptions.Reduction] = [.dynamic]
      if program.hasOneTaskPerCPU {
        reductions.append(.graphs)
        inGraphs += 1
      }
      for reduction in reductions {
        let (report, outcomes) = program.run(reduction)
        #expect(
          (report.failure == nil) == (oracle.failure == nil),
          "seed \(seed), \(reduction): \(report.verdict) against \(oracle.verdict) \(program)")
        if oracle.failure == nil {
          #expect(outcomes.set == expected.set, "seed \(seed), \(reduction) \(program)")
        }
      }
    }
    #expect(compared > 15)
    #expect(inGraphs > 10)
  }

  /// In graphs deferred calls have no order among each other: they find more.
  @Test(arguments: [false, true])
  func `deferred calls too have the outcomes of all interleavings`(waits: Bool) {
    var (compared, inGraphs) = (0, 0)
    for seed in 1...120 as ClosedRange<UInt64> {
      let program = GeneratedProgram(seed: seed, waits: waits, more: .deferredCalls)
      let (oracle, expected) = program.run(.none)
      guard oracle.failure != nil || oracle.isExhaustive else { continue }
      compared += 1
      let (report, outcomes) = program.run(.dynamic)
      #expect(
        (report.failure == nil) == (oracle.failure == nil),
        "seed \(seed): \(report.verdict) against \(oracle.verdict) \(program)")
      guard oracle.failure == nil else { continue }
      #expect(outcomes.set == expected.set, "seed \(seed) \(program)")
      guard program.hasOneTaskPerCPU else { continue }
      inGraphs += 1
      let (graphs, found) = program.run(.graphs)
      #expect(graphs.failure == nil, "seed \(seed): \(graphs.verdict) \(program)")
      #expect(found.set.isSuperset(of: expected.set), "seed \(seed) \(program)")
    }
    #expect(compared > 30)
    #expect(inGraphs > 10)
  }

  /// Programs that an earlier version of the search got wrong, cut down by hand.
  static let hard: [GeneratedProgram] = [
    // A handler asleep at a decision was not woken by a task that its body collides with.
    GeneratedProgram([
      (0, .task, [.store(0, 2)]), (0, .interrupt, [.store(0, 1)]), (0, .task, [.load(0)]),
    ]),
    // The only thread that was asked to begin was asleep; another one led there.
    GeneratedProgram([
      (0, .task, [.store(1, 3)]), (1, .interrupt, [.load(1)]), (0, .task, [.load(1)]),
    ]),
    // A handler that spins must be tried before the whole region that masks it.
    GeneratedProgram([
      (0, .task, [.masked([.locked([.add(0), .load(0)])])]),
      (0, .interrupt, [.spin(0), .store(1, 2)]),
    ]),
    // The end of a region without preemption hid its beginning.
    GeneratedProgram([(0, .task, [.locked([.load(1), .load(0)])]), (0, .task, [.store(0, 3)])]),
    // A spin behind such a region was compared with a step that writes nothing.
    GeneratedProgram([
      (0, .task, [.spin(1), .reading([.store(1, 1)])]), (0, .task, [.locked([.store(1, 2)])]),
      (2, .task, [.store(1, 1), .add(0)]),
    ]),
  ]

  @Test(arguments: hard.indices)
  func `the reduced search agrees on the programs it once got wrong`(_ index: Int) {
    let (oracle, expected) = Self.hard[index].run(.none, executionsMax: 5_000)
    let (report, outcomes) = Self.hard[index].run(.dynamic)
    #expect(report.verdict == oracle.verdict)
    if oracle.failure == nil { #expect(outcomes.set == expected.set) }
  }
}
