import Explorer
import Kernel
import Machine

extension WeakeningProgram {
  private struct Errand: ~Copyable {
    let work: IRQWork
    let isQueued = Word<UInt32>(0)
    let output = Cell<UInt32>(0)

    init() {
      work = IRQWork { Errand.work.record(around: $0).record.output.value = 1 }
    }

    static let work = FieldOffset<Errand, IRQWork> { $0.work.address }
  }

  /// Work for later: interrupts and timers.
  static let deferral = [
    WeakeningProgram(name: "somebody waits for queued work") { lab in
      let errand = lab.allocate(Errand())
      lab.thread("P0", cpu: 0) {
        errand.record.work.queue()
        errand.record.isQueued.store(1, .release, edge: "program.queued")
      }
      lab.thread("P1", cpu: 1) {
        Machine.spin(until: errand.record.isQueued.equals(1, .acquire, edge: "program.queued"))
        errand.record.work.waitUntilDone()
        _ = errand.record.output.value
      }
      lab.finally { lab.free(errand) }
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
