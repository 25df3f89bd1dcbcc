import Explorer
import Kernel
import Machine

extension WeakeningProgram {
  private struct Guarded: ~Copyable {
    let lock = SpinLock()
    let value = Cell<UInt32>(0)
  }

  private struct Counted: ~Copyable {
    let count = SequenceCount()
    let left = Word<UInt32>(0)
    let right = Word<UInt32>(0)
  }

  /// Spinlocks and sequence counts.
  static let locks = [
    WeakeningProgram(name: "two threads count under a lock", opensPrimitives: true) { lab in
      let shared = lab.allocate(Guarded())
      for cpu in 0..<2 {
        lab.thread("P\(cpu)", cpu: cpu) {
          shared.record.lock.lock()
          shared.record.value.value += 1
          shared.record.lock.unlock()
        }
      }
      lab.finally {
        lab.expect(shared.record.value.value == 2, "both additions count")
        lab.free(shared)
      }
    },
    WeakeningProgram(name: "one thread locks, another tries to", opensPrimitives: true) { lab in
      let shared = lab.allocate(Guarded())
      lab.thread("owner", cpu: 0) {
        shared.record.lock.lock()
        shared.record.value.value += 1
        shared.record.lock.unlock()
      }
      lab.thread("guest", cpu: 1) {
        guard shared.record.lock.tryLock() else { return }
        shared.record.value.value += 1
        shared.record.lock.unlock()
      }
      lab.finally { lab.free(shared) }
    },
    WeakeningProgram(name: "a pair is read while it is written") { lab in
      let pair = lab.allocate(Counted())
      lab.thread("writer", cpu: 0) {
        pair.record.count.writeBegin()
        pair.record.left.store(1, .relaxed)
        pair.record.right.store(1, .relaxed)
        pair.record.count.writeEnd()
      }
      lab.thread("reader", cpu: 1) {
        let begun = pair.record.count.readBegin()
        let (left, right) = (pair.record.left.load(.relaxed), pair.record.right.load(.relaxed))
        guard !pair.record.count.mustRetry(begun) else { return }
        lab.expect(left == right, "an accepted pair is whole")
      }
      lab.finally { lab.free(pair) }
    },
  ]
}
