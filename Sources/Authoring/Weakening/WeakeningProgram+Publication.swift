import Explorer
import Kernel
import Machine

extension WeakeningProgram {
  /// A record that says who may use it.
  private struct Tagged: ~Copyable {
    let references = ReferenceCount(1)
    let life = Word<UInt32>(1)
  }

  /// One record, a reader that follows the pointer to it, and a writer that frees it.
  ///
  /// - Parameters:
  ///   - graceBefore: Whether an earlier grace period has changed the phase meanwhile.
  ///   - hasSecondReader: Whether another reader puts itself on the list, too.
  private static func readAndRetire(
    _ lab: Lab, graceBefore: Bool = false, hasSecondReader: Bool = false
  ) {
    let place = lab.allocate(Word<Object<Shared>?>(nil))
    let old = lab.allocate(Shared())
    RCU.assign(old, to: place.record)
    lab.thread("reader", cpu: 0) {
      RCU.withReadLock {
        if let found = RCU.dereference(place.record) { _ = found.record.cell.value }
      }
    }
    if hasSecondReader { lab.thread("other", cpu: 2) { RCU.withReadLock {} } }
    lab.thread("writer", cpu: 1) {
      if graceBefore { RCU.synchronize() }
      // relaxed: the grace period orders.
      place.record.store(nil, .relaxed)
      RCU.synchronize()
      lab.free(old)
    }
    lab.finally { lab.free(place) }
  }

  /// Publishing pointers, and waiting for readers.
  static let publication = [
    WeakeningProgram(name: "a record is published and followed") { lab in
      let place = lab.allocate(Word<Object<Shared>?>(nil))
      let fresh = lab.allocate(Shared())
      lab.thread("writer", cpu: 0) {
        fresh.record.cell.value = 1
        RCU.assign(fresh, to: place.record)
      }
      lab.thread("reader", cpu: 1) {
        RCU.withReadLock {
          if let found = RCU.dereference(place.record) {
            lab.expect(found.record.cell.value == 1, "a published record is complete")
          }
        }
      }
      lab.finally {
        lab.free(place)
        lab.free(fresh)
      }
    },
    WeakeningProgram(
      name: "a record is taken away and freed after a grace period", opensPrimitives: true
    ) { readAndRetire($0) },
    WeakeningProgram(
      name: "a reader of the other phase delays the next grace period", opensPrimitives: true
    ) { readAndRetire($0, graceBefore: true) },
    WeakeningProgram(
      name: "two readers put themselves on the list of a grace period", opensPrimitives: true
    ) { readAndRetire($0, hasSecondReader: true) },
    WeakeningProgram(
      name: "readers and waiters have barriers of their own", opensPrimitives: true
    ) { lab in
      RCU.makeReadersUseBarriers(waitersToo: true)
      readAndRetire(lab)
    },
    WeakeningProgram(name: "a record is reused while a reader takes a reference") { lab in
      let place = lab.allocate(Word<Object<Tagged>?>(nil))
      let record = lab.allocate(Tagged())
      RCU.assign(record, to: place.record)
      lab.thread("owner", cpu: 0) {
        // relaxed: the write barrier orders.
        place.record.store(nil, .relaxed)
        guard record.record.references.put() else { return }
        record.record.life.store(2, .relaxed)
        // What is over comes before the first owner of what begins.
        Machine.barrier(.write, edge: "program.reuse")
        record.record.references.initialise()
      }
      lab.thread("reader", cpu: 1) {
        guard let found = RCU.dereference(place.record), found.record.references.getUnlessZero()
        else { return }
        // relaxed: the successful increment orders.
        if place.record.load(.relaxed) == found {
          lab.expect(found.record.life.load(.relaxed) == 1, "what is still published is as it was")
        }
      }
      lab.finally {
        lab.free(place)
        lab.free(record)
      }
    },
  ]
}
