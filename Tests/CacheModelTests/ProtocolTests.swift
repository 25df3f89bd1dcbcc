import CacheModel
import Testing

/// One step of a hand-computed trace, and what it must do.
private struct Expected {
  let cpu: Int
  let writes: Bool
  let origin: LineTransaction.Origin
  let latency: Int
  let invalidated: [Int]
  /// One letter a CPU.
  let states: String

  init(
    _ verb: Character, _ cpu: Int, _ origin: LineTransaction.Origin, _ latency: Int,
    lost invalidated: [Int] = [], _ states: String
  ) {
    self.cpu = cpu
    writes = verb == "w"
    self.origin = origin
    self.latency = latency
    self.invalidated = invalidated
    self.states = states
  }
}

private func check(_ trace: [Expected], under coherence: CacheMachine.Coherence) {
  var caches = CoherentCaches(CacheMachine(cpuCount: 3, coherence: coherence))
  for (number, step) in trace.enumerated() {
    let done = step.writes ? caches.write(7, by: step.cpu) : caches.read(7, by: step.cpu)
    let states = (0..<3).map { caches.state(of: 7, in: $0).rawValue }.joined()
    #expect(done.origin == step.origin, "step \(number)")
    #expect(done.latency == step.latency, "step \(number)")
    #expect(done.invalidated == step.invalidated, "step \(number)")
    #expect(states == step.states, "step \(number)")
    #expect(caches.invariantViolations(of: 7) == [])
  }
}

@Test func `MESI follows the trace computed by hand`() {
  check(
    [
      Expected("r", 0, .memory, 250, "EII"),  // nobody has it: the only copy
      Expected("w", 0, .own, 4, "MII"),  // nobody has to be asked
      Expected("r", 1, .cpu(0), 120, "SSI"),  // 100 for the line, 20 to write it back
      Expected("r", 2, .sharedCache, 50, "SSS"),  // written back, so the shared cache has it
      Expected("r", 1, .own, 4, "SSS"),
      Expected("w", 1, .own, 60, lost: [0, 2], "IMI"),  // the content is there, the right is not
      Expected("w", 2, .cpu(1), 100, lost: [1], "IIM"),  // the line and the right in one message
      Expected("w", 0, .cpu(2), 100, lost: [2], "MII"),
    ], under: .mesi)
}

@Test func `MOESI leaves a written line with its writer`() {
  check(
    [
      Expected("w", 0, .memory, 250, "MII"),
      Expected("r", 1, .cpu(0), 100, "OSI"),  // nothing is written back
      Expected("r", 2, .cpu(0), 100, "OSS"),  // the owner answers again
      Expected("w", 0, .own, 60, lost: [1, 2], "MII"),
      Expected("r", 2, .cpu(0), 100, "OIS"),
      Expected("w", 2, .own, 60, lost: [0], "IIM"),  // a shared copy of an owned line is current
    ], under: .moesi)
}

@Test func `the longest unused line makes room`() {
  var machine = CacheMachine(cpuCount: 2)
  (machine.setCount, machine.wayCount) = (1, 2)
  var caches = CoherentCaches(machine)
  _ = caches.write(1, by: 0)
  _ = caches.read(2, by: 0)
  _ = caches.read(1, by: 0)  // line 2 is now the longest unused
  let third = caches.read(3, by: 0)
  #expect(third.evicted == 2)
  #expect(!third.writesBack, "line 2 was clean")
  let fourth = caches.read(4, by: 0)
  #expect(fourth.evicted == 1)
  #expect(fourth.writesBack, "line 1 was written")
  #expect(caches.read(1, by: 1).origin == .sharedCache, "it went back before it was dropped")
  for line in 1...4 { #expect(caches.invariantViolations(of: line) == []) }
}

@Test func `a larger cache keeps the line that a smaller one drops`() {
  var machine = CacheMachine(cpuCount: 1)
  (machine.setCount, machine.wayCount) = (1, 3)
  var caches = CoherentCaches(machine)
  for line in 1...3 { _ = caches.read(line, by: 0) }
  #expect(caches.read(1, by: 0).origin == .own)
}

/// Numbers that are the same in every run.
private struct Numbers {
  var state: UInt64
  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}

@Test(arguments: CacheMachine.Coherence.allCases)
func `one writer or many readers on generated traces`(coherence: CacheMachine.Coherence) {
  for seed in 1...40 {
    var numbers = Numbers(state: UInt64(seed))
    var machine = CacheMachine(cpuCount: 4, coherence: coherence)
    // Small enough that lines are dropped all the time.
    (machine.setCount, machine.wayCount) = (2, 1 + seed % 3)
    var caches = CoherentCaches(machine)
    for _ in 0..<400 {
      let (cpu, line) = (numbers.below(4), numbers.below(9))
      if numbers.below(3) == 0 {
        _ = caches.write(line, by: cpu)
        #expect(caches.state(of: line, in: cpu) == .modified)
      } else {
        _ = caches.read(line, by: cpu)
        #expect(caches.state(of: line, in: cpu) != .invalid)
      }
      let wrong = (0..<9).flatMap { caches.invariantViolations(of: $0) }
      #expect(wrong == [], "seed \(seed)")
    }
  }
}

@Test(arguments: CacheMachine.Coherence.allCases)
func `without evictions the copies are the readers since the last write`(
  coherence: CacheMachine.Coherence
) {
  var numbers = Numbers(state: 99)
  var caches = CoherentCaches(CacheMachine(cpuCount: 5, coherence: coherence))
  // What a cache must know, kept without any states.
  var copies = [Set<Int>](repeating: [], count: 6)
  for _ in 0..<4_000 {
    let (cpu, line) = (numbers.below(5), numbers.below(6))
    let had = copies[line].contains(cpu)
    if numbers.below(4) == 0 {
      let done = caches.write(line, by: cpu)
      #expect(Set(done.invalidated) == copies[line].subtracting([cpu]))
      #expect((done.origin == .own) == had)
      copies[line] = [cpu]
    } else {
      let done = caches.read(line, by: cpu)
      #expect((done.origin == .own) == had)
      #expect(done.invalidated == [] && !done.isReadForOwnership)
      copies[line].insert(cpu)
    }
  }
}
