import Explorer
import Fences
import Kernel
import Machine
import Reservations
import SyncObjects
import Testing

/// Locks of several buffers, and their end, in every interleaving.
@Suite(.serialized)
struct BufferModelTests {
  private var graphs: ExplorationOptions {
    var options = ExplorationOptions()
    options.reduction = .graphs
    return options
  }

  @Test func `two submissions that lock the same buffers in opposite orders both come through`() {
    let report = explore("crossing submissions", options: graphs) { lab in
      let buffers = [Buffer.make(), Buffer.make()]
      let count = lab.allocate(Cell<UInt32>(0))
      for cpu in 0...1 {
        lab.thread("submitter \(cpu)", cpu: cpu) {
          var locks = ReservationLocks()
          while locks.needsAnotherTurn() {
            for buffer in cpu == 0 ? buffers : buffers.reversed() {
              let failure = attempt(&locks, buffer)
              lab.expect(failure == nil || failure == .deadlock, "only giving way is asked for")
              if locks.mustRetry { break }
            }
          }
          count.record.value += 1
          locks.finish()
        }
      }
      lab.finally {
        lab.expect(count.record.value == 2, "both held both locks")
        lab.free(count)
        for buffer in buffers { buffer.put() }
      }
    }
    print("crossing submissions: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test func `a dying buffer outlives the work on it, whoever is first`() {
    let report = explore("put against signal", options: graphs) { lab in
      let isFree = lab.allocate(Word<UInt32>(0))
      let isOver = lab.allocate(Word<UInt32>(0))
      let memory = lab.allocate(
        BufferMemory { _ in
          lab.expect(isOver.record.load(.relaxed) == 1, "the device is done with the memory")
          isFree.record.store(1, .relaxed)
        })
      let buffer = Buffer.make(memory: memory, resource: 4)
      let fence = Plain.fence()
      buffer.reservation.addLocked(fence, .bookkeep)
      lab.thread("device", cpu: 0) {
        isOver.record.store(1, .relaxed)
        fence.signal()
        fence.put()
      }
      lab.thread("owner", cpu: 1) { buffer.put() }
      lab.finally {
        lab.expect(isFree.record.load(.relaxed) == 1, "the memory is free in the end")
        lab.free(isFree)
        lab.free(isOver)
        lab.free(memory)
      }
    }
    print("put against signal: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test func `a poll misses no fence`() {
    let report = explore("poll against signal", options: graphs) { lab in
      let buffer = Buffer.make()
      let fence = Plain.fence()
      buffer.reservation.addLocked(fence, .write)
      lab.thread("device", cpu: 0) {
        fence.signal()
        fence.put()
      }
      lab.thread("poller", cpu: 1) {
        let ready = try? buffer.waitUntilReady([.mayRead])
        lab.expect(ready == [.mayRead], "the buffer becomes ready")
      }
      lab.finally { buffer.put() }
    }
    print("poll against signal: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 2)
  }

  @Test func `a sync file that gets no memory leaves nothing behind`() {
    let report = explore("export and import", options: graphs) { lab in
      let (source, target) = (Buffer.make(), Buffer.make())
      let fences = (1...2).map { Plain.fence(context: UInt64($0)) }
      lab.thread("process", cpu: 0) {
        var failures = fences.map { fence in
          outcome { () throws(Errno) in try source.importFences([fence], as: .write) }
        }
        let imported = failures.count { $0 == nil }
        failures.append(
          outcome { () throws(Errno) in
            let file = try source.exportSyncFile(for: .read)
            defer { file.put() }
            try target.importSyncFile(file, as: .write)
          })
        lab.expect(
          failures.allSatisfy { $0 == nil || $0 == .noMemory }, "only memory can be missing")
        lab.expect(source.entryCount == imported, "what failed added nothing and took nothing")
        // A file for nothing holds the stub.
        let expected = failures[2] == nil ? max(1, imported) : 0
        lab.expect(target.entryCount == expected, "all of a file's fences are added, or none")
        for fence in fences {
          fence.signal()
          fence.put()
        }
      }
      lab.finally { for buffer in [source, target] { buffer.put() } }
    }
    print("export and import: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(report.executions >= 4)
  }
}
