import Explorer
import Fences
import Kernel
import Machine
import Testing

/// The bits of a fence's flag word that belong to its driver.
struct DriverFlagTests {
  @Test func `a driver's bits are its own, and need no lock`() {
    let fence = Plain.fence()
    #expect(!fence.hasDriverFlag(0) && !fence.hasDriverFlag(1))
    fence.setDriverFlag(0)
    fence.setDriverFlag(1)
    #expect(fence.hasDriverFlag(0) && fence.hasDriverFlag(1))
    fence.clearDriverFlag(0)
    #expect(!fence.hasDriverFlag(0) && fence.hasDriverFlag(1))
    #expect(!fence.testAndClearDriverFlag(0), "it was cleared already")
    #expect(fence.testAndClearDriverFlag(1))
    #expect(!fence.hasDriverFlag(1))
    #expect(!fence.testSignaledFlag(), "the kernel's bits stay as they are")
    fence.setDriverFlag(0)
    fence.signal()
    #expect(fence.hasDriverFlag(0), "signaling leaves the driver's bits alone")
    fence.put()
  }

  /// What a second caller of test-and-clear sees of the first one's work.
  private func bothTakeBack(_ weakening: Weakening) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = .weak
    options.weakening = weakening
    return explore("both take a bit back", options: options) { lab in
      let fence = Plain.fence()
      fence.setDriverFlag(0)
      let words = [lab.allocate(Word<UInt32>(0)), lab.allocate(Word<UInt32>(0))]
      let found = lab.allocate(Word<UInt32>(0))
      for cpu in 0...1 {
        lab.thread("thread \(cpu)", cpu: cpu) {
          words[cpu].record.store(1, .relaxed)
          if fence.testAndClearDriverFlag(0) {
            _ = found.record.fetchAdd(1, .relaxed)
          } else {
            lab.expect(words[1 - cpu].record.load(.relaxed) == 1, "the first one's work is seen")
          }
        }
      }
      lab.finally {
        lab.expect(found.record.load(.relaxed) == 1, "one of them found the bit set")
        fence.put()
        (words + [found]).forEach(lab.free)
      }
    }
  }

  @Test func `of two who take a bit back one finds it, and the other sees its work`() throws {
    let strong = Weakening()
    let report = bothTakeBack(strong)
    #expect(report.verdict == .passed && report.isExhaustive, "\(report)")
    let site = try #require(strong.sites.first { $0.label == "fence.driver-flag" })
    #expect(bothTakeBack(Weakening(site)).verdict == .expectationFailed)
  }
}
