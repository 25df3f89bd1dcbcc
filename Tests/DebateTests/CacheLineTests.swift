import CacheModel
import Debates
import Fences
import Testing

@Test(arguments: CacheMachine.Coherence.allCases)
func `what was said about cache lines holds in the model`(coherence: CacheMachine.Coherence) {
  for claim in CacheLineClaim.all(under: coherence) {
    #expect(claim.holds, "\(claim.id): \(claim.result)")
  }
}

/// Misses of a settled look, placement by placement, in hundredths.
private func misses(_ look: StubLook) -> [Int] {
  StubPlacement.allCases.map { StubWorkload(look, $0).settled.misses.value }
}

@Test func `who only reads misses nothing, wherever the stub lies`() {
  #expect(misses(.flagLoad) == [0, 0, 0, 0])
  #expect(misses(.testUnderRCU) == [0, 0, 0, 0])
}

@Test func `who writes the shared stub misses at every look`() {
  let lock = misses(.lockAndTest)
  let reference = misses(.getTestPut)
  #expect(lock[0] == 100 && lock[1] == 100)
  #expect(reference[0] == 100 && reference[1] == 100)
  #expect(lock[3] == 0 && reference[3] == 0, "a stub on a line of its own is nobody else's")
}

@Test func `a written neighbour spoils the flag, and a copy or padding saves it`() {
  let flag = misses(.flagBesideWrites)
  #expect(flag[0] == 100 && flag[1] == 0 && flag[3] == 0)
  #expect(flag[2] == 25, "one of four lookers shares a line with the bystander's count")
  #expect(misses(.perCPUCopy) == [0, 0, 0, 0])
}

@Test func `packed stubs are named as false sharing, padded ones are not`() {
  let packed = StubWorkload(.getTestPut, .privatePacked).run(rounds: 6)
  #expect(
    packed.falseSharing.contains { $0.missed.contains("stub 2") && $0.written.contains("stub 1") })
  #expect(StubWorkload(.getTestPut, .privatePadded).run(rounds: 6).falseSharing == [])
  #expect(StubWorkload(.flagBesideWrites, .shared).run(rounds: 6).falseSharing.count == 1)
}

@Test func `the design under the lock turns the free look into a miss`() {
  let lockless = StubWorkload(.flagLoad, .shared).settled
  let locked = FencePolicy.with(FencePolicy(signaledBit: .underTheLock)) {
    StubWorkload(.flagLoad, .shared).settled
  }
  #expect(lockless.misses.value == 0 && lockless.updates.value == 0)
  #expect(locked.misses.value == 100 && locked.updates.value == 100)
}

@Test func `the table is the same in every run`() {
  #expect(CacheLineTable.rows() == CacheLineTable.rows())
  #expect(CacheLineTable.rows().count == 1 + StubLook.allCases.count)
}

@Test func `a cost is printed without useless digits`() {
  let cost = StubWorkload(.lockAndTest, .shared).settled
  #expect("\(cost.misses)" == "1" && "\(cost.updates)" == "1")
  #expect("\(StubWorkload(.flagBesideWrites, .privatePacked).settled.misses)" == "0.25")
}
