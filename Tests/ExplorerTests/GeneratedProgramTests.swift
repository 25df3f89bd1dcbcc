import Explorer
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
}
