import Explorer
import Kernel
import Machine

extension WeakeningProgram {
  private struct Owned: ~Copyable {
    let references = ReferenceCount(2)
    let first = Cell<UInt32>(0)
    let second = Cell<UInt32>(0)
  }

  /// Counted owners.
  static let references = [
    WeakeningProgram(name: "two owners write, and the last one frees") { lab in
      let record = lab.allocate(Owned())
      lab.thread("P0", cpu: 0) {
        record.record.first.value = 1
        if record.record.references.put() { lab.free(record) }
      }
      lab.thread("P1", cpu: 1) {
        record.record.second.value = 1
        if record.record.references.put() { lab.free(record) }
      }
    },
    WeakeningProgram(name: "two owners write, and the last one reads") { lab in
      let record = lab.allocate(Owned())
      lab.thread("P0", cpu: 0) {
        record.record.first.value = 1
        if record.record.references.put() { _ = record.record.second.value }
      }
      lab.thread("P1", cpu: 1) {
        record.record.second.value = 1
        if record.record.references.put() { _ = record.record.first.value }
      }
      lab.finally { lab.free(record) }
    },
  ]
}
