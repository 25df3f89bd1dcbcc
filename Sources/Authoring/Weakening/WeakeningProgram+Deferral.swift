import Explorer
import Kernel
import Machine

extension WeakeningProgram {
  private struct Job: ~Copyable {
    let work: IRQWork
    let input = Word<UInt32>(0)
    let seen = Word<UInt32>(0)
    let output = Cell<UInt32>(0)

    init() {
      work = IRQWork { work in
        let job = Job.work.record(around: work)
        job.record.seen.store(job.record.input.load(.relaxed), .relaxed)
        job.record.output.value = 1
      }
    }

    static let work = FieldOffset<Job, IRQWork> { $0.work.address }
  }

  /// Work for later: interrupts and timers.
  static let deferral = [
    WeakeningProgram(name: "work is queued twice, and sees what came first") { lab in
      let job = lab.allocate(Job())
      lab.thread("P0", cpu: 0) { job.record.work.queue() }
      lab.thread("P1", cpu: 1) {
        job.record.input.store(1, .relaxed)
        job.record.work.queue()
      }
      lab.finally {
        lab.expect(job.record.seen.load(.relaxed) == 1, "the last run sees the input")
        lab.free(job)
      }
    },
    WeakeningProgram(name: "somebody waits for queued work") { lab in
      let job = lab.allocate(Job())
      lab.thread("P0", cpu: 0) { job.record.work.queue() }
      lab.thread("P1", cpu: 1) {
        Machine.spin(until: job.record.seen.equals(0, .relaxed))
        job.record.work.waitUntilDone()
        _ = job.record.output.value
      }
      lab.finally { lab.free(job) }
    },
    WeakeningProgram(name: "a timer runs with what was written before it was armed") { lab in
      let shared = lab.allocate(Shared())
      lab.thread("P0", cpu: 0) {
        let timer = KernelTimer.make("timer", cpu: 1) { _ in shared.record.cell.value += 1 }
        shared.record.cell.value = 1
        timer.arm(after: Jiffies(1))
        timer.shutDown()
        _ = shared.record.cell.value
      }
      lab.finally { lab.free(shared) }
    },
  ]
}
