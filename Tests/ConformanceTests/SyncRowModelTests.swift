import Explorer
import Fences
import Kernel
import Machine
import SyncObjects
import Testing

/// The rows of the `sync` suite with two or more actors, in every interleaving, with the big loops
/// made small and files in place of descriptors.
@Suite(.serialized)
struct SyncRowModelTests {
  private func row(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    var options = ExplorationOptions()
    options.reduction = .graphs
    let report = explore(name, options: options, scenario)
    print("\(name): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report.failure?.message ?? "\(report)")")
    #expect(report.executions >= 2)
  }

  @Test func `sync: test_stress_two_threads_shared_timeline`() {
    // Two rounds for one thread, one for the other, with files that were made before.
    row("test_stress_two_threads_shared_timeline") { lab in
      guard let timeline = SoftwareTimeline.make("line") else { return }
      let files = (0..<3).compactMap { try? timeline.makeSyncFile(at: $0) }
      guard files.count == 3 else {
        for file in files { file.put() }
        return timeline.close()
      }
      let counter = lab.allocate(Cell<UInt32>(0))
      for number in 0...1 {
        lab.thread("thread \(number)", cpu: number) {
          for turn in number == 0 ? [0, 2] : [1] {
            lab.expect((try? files[turn].wait()) == true, "the turn comes")
            lab.expect(counter.record.value == UInt32(turn), "the other's write is there")
            counter.record.value += 1
            timeline.increment()
          }
        }
      }
      lab.finally {
        lab.expect(counter.record.value == 3, "nobody's turn was lost")
        lab.free(counter)
        for file in files { file.put() }
        timeline.close()
      }
    }
  }

  @Test func `sync: test_consumer_stress_multi_producer_single_consumer`() {
    // Two producers, one round.
    row("test_consumer_stress_multi_producer_single_consumer") { lab in
      let lines = (0..<2).compactMap { SoftwareTimeline.make("producer \($0)") }
      let files = lines.compactMap { try? $0.makeSyncFile(at: 1) }
      guard files.count == 2, let merged = files[0].merge(with: files[1]) else {
        for file in files { file.put() }
        for line in lines { line.close() }
        return
      }
      let counters = (0..<2).map { _ in lab.allocate(Cell<UInt32>(0)) }
      for number in 0..<2 {
        lab.thread("producer \(number)", cpu: number) {
          counters[number].record.value += 1
          lines[number].increment()
        }
      }
      lab.thread("consumer", cpu: 2) {
        lab.expect((try? merged.wait()) == true, "both producers came")
        lab.expect(counters.allSatisfy { $0.record.value == 1 }, "and what they wrote is there")
      }
      lab.finally {
        for counter in counters { lab.free(counter) }
        for file in files + [merged] { file.put() }
        for line in lines { line.close() }
      }
    }
  }
}
