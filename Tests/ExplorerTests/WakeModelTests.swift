import Explorer
import Kernel
import Machine
import Testing

/// The step of a wake belongs to its thread even where another thread's stack takes it.
@Test func `a joined thread's wake does not count as a use by whoever joins it`() {
  let report = explore("join") { lab in
    let word = lab.allocate(Word<UInt64>(0))
    let thread = KernelThread.start("worker", cpu: 0) { word.record.store(1, .relaxed) }
    lab.thread("owner", cpu: 1) {
      thread.join()
      lab.free(word)
    }
  }
  #expect(report.verdict == .passed, "\(report.failure?.message ?? "")")
}
