import Explorer
import Fences
import Kernel
import Machine
import SyncObjects
import Testing
import Glibc

/// The rows of the `sync` suite with two or more actors, in every interleaving, with the big loops
/// made small and files in place of descriptors.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SyncRowModelTests {
  private func row(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    var options = ExplorationOptions()
    options.reduction = CommandLine.arguments.isEmpty || getenv("DYN") == nil ? .graphs : .dynamic
    let report = explore(name, options: options, scenario)
    print("\(name): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report.failure?.message ?? "\(report)")")
    #expect(report.executions >= 2)
  }

  @Test func `sync: test_stress_two_threads_shared_timeline`() {
    // One round for each thread.
    row("test_stress_two_threads_shared_timeline") { lab in
      guard let timeline = SoftwareTimeline.make("line") else { return }
      let counter = lab.allocate(Cell<UInt32>(0))
      for number in 0...1 {
        lab.thread("thread \(number)", cpu: number) {
          guard let file = try? timeline.makeSyncFile(at: UInt32(number)) else {
            // Without memory for its turn the thread only lets the other one go on.
            return timeline.increment()
          }
          lab.expect((try? file.wait()) == true, "the turn comes")
          if counter.record.value == UInt32(number) { counter.record.value += 1 }
          timeline.increment()
          file.put()
        }
      }
      lab.finally {
        lab.free(counter)
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
