import Explorer
import Kernel
import Machine

extension WeakeningProgram {
  private struct Bed: ~Copyable {
    let task = Word<KernelTask?>(nil)
    let flag = Word<UInt32>(0)
    let cell = Cell<UInt32>(0)
  }

  /// Waits until another thread has said who it is.
  private static func sleeper(of bed: Object<Bed>) -> KernelTask {
    Machine.spin(until: bed.record.task.differs(from: nil, .acquire, edge: "program.task"))
    guard let task = bed.record.task.load(.relaxed) else {
      preconditionFailure("the word was seen to differ from nil")
    }
    return task
  }

  private static func introduce(in bed: Object<Bed>) {
    bed.record.task.store(KernelTask.current, .release, edge: "program.task")
  }

  /// Going to sleep, being woken, and being told.
  static let sleeping = [
    WeakeningProgram(name: "a sleeper checks a flag, and a waker sets it") { lab in
      let bed = lab.allocate(Bed())
      lab.thread("sleeper", cpu: 0) {
        introduce(in: bed)
        KernelTask.current.setState(.uninterruptible)
        if bed.record.flag.load(.relaxed) == 0 { KernelTask.schedule() }
        KernelTask.current.setStateUnordered(.running)
      }
      lab.thread("waker", cpu: 1) {
        let task = sleeper(of: bed)
        bed.record.flag.store(1, .relaxed)
        task.wakeUp()
      }
      lab.finally { lab.free(bed) }
    },
    WeakeningProgram(name: "a sleeper reads what its waker wrote") { lab in
      let bed = lab.allocate(Bed())
      lab.thread("sleeper", cpu: 0) {
        KernelTask.current.setState(.uninterruptible)
        introduce(in: bed)
        KernelTask.schedule()
        _ = bed.record.cell.value
      }
      lab.thread("waker", cpu: 1) {
        let task = sleeper(of: bed)
        bed.record.cell.value = 1
        task.wakeUp()
      }
      lab.finally { lab.free(bed) }
    },
    WeakeningProgram(name: "a signal meets a task on its way to sleep") { lab in
      let bed = lab.allocate(Bed())
      lab.thread("sleeper", cpu: 0) {
        introduce(in: bed)
        KernelTask.current.setStateUnordered(.interruptible)
        KernelTask.schedule()
      }
      lab.thread("sender", cpu: 1) { sleeper(of: bed).sendSignal() }
      lab.finally { lab.free(bed) }
    },
    WeakeningProgram(name: "a thread is joined for what it wrote") { lab in
      let shared = lab.allocate(Shared())
      lab.thread("parent", cpu: 0) {
        let child = KernelThread.start("child", cpu: 1) { shared.record.cell.value = 1 }
        child.join()
        lab.expect(shared.record.cell.value == 1, "a joined thread is over")
      }
      lab.finally { lab.free(shared) }
    },
  ]
}
