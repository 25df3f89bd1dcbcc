import Explorer
import Fences
import Kernel
import Machine
import Reservations
import Testing

/// What readers without the lock can see, in every interleaving.
@Suite(.serialized)
struct ReservationModelTests {
  @Test func `a reader sees a fence whole, or does not see it`() {
    for memory in ExplorationOptions.Memory.allCases {
      var options = ExplorationOptions()
      options.memory = memory
      let report = explore("add against walk", options: options) { lab in
        let reservation = Reservation.make()
        lab.thread("writer", cpu: 0) {
          let fence = Plain.fence(context: 3, seqno: 8)
          reservation.addLocked(fence, .write)
          fence.put()
        }
        lab.thread("reader", cpu: 1) {
          var cursor = ReservationCursor(reservation, upTo: .read)
          var count = 0
          while let fence = cursor.next() {
            lab.expect(fence.seqno == 8 && cursor.fenceUsage == .write, "the fence is whole")
            count = cursor.isRestarted ? 1 : count + 1
          }
          lab.expect(count <= 1, "it comes once")
          lab.outcome("\(count)")
          cursor.end()
        }
        lab.finally { reservation.destroy() }
      }
      print("add against walk, \(memory): \(report.executions) executions")
      #expect(report.verdict == .passed, "\(report)")
      #expect(report.executions >= 2)
    }
  }

  @Test func `19 · a walk begins again where the list was exchanged`() {
    let report = explore("reserve against walk", options: graphs) { lab in
      let reservation = Reservation.make()
      let fences = [Plain.fence(context: 1), Plain.fence(context: 2)]
      for fence in fences { reservation.addLocked(fence, .read) }
      lab.thread("writer", cpu: 0) {
        guard outcome({ () throws(Errno) in try reservation.lock() }) == nil else { return }
        _ = outcome { () throws(Errno) in try reservation.reserve(8) }
        reservation.unlock()
      }
      lab.thread("reader", cpu: 1) {
        var seen: [Fence] = []
        var cursor = ReservationCursor(reservation, upTo: .read)
        var beginnings = 0
        while let fence = cursor.next() {
          if cursor.isRestarted {
            beginnings += 1
            seen = []
          }
          seen.append(fence)
        }
        cursor.end()
        lab.expect(seen == fences, "the last walk saw both, in order")
        lab.outcome("\(beginnings)")
      }
      lab.finally {
        reservation.destroy()
        for fence in fences { fence.put() }
      }
    }
    print("reserve against walk: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(Set((report.outcomes ?? []).map(\.outcome)) == ["1", "2"])
  }

  @Test func `a fence that gives way to a later one can be seen twice, as both`() {
    let report = explore("replace against walk", options: graphs) { lab in
      let reservation = Reservation.make()
      let (old, new) = (Plain.fence(context: 1, seqno: 1), Plain.fence(context: 1, seqno: 2))
      reservation.addLocked(old, .read)
      old.put()
      lab.thread("writer", cpu: 0) {
        reservation.addLocked(new, .read)
        new.put()
      }
      lab.thread("reader", cpu: 1) {
        var cursor = ReservationCursor(reservation, upTo: .read)
        var seen: [UInt64] = []
        while let fence = cursor.next() {
          if cursor.isRestarted { seen = [] }
          seen.append(fence.seqno)
        }
        cursor.end()
        lab.outcome("\(seen)")
      }
      lab.finally { reservation.destroy() }
    }
    print("replace against walk: \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report)")
    #expect(Set((report.outcomes ?? []).map(\.outcome)) == ["[1]", "[2]"])
  }

  private var graphs: ExplorationOptions {
    var options = ExplorationOptions()
    options.reduction = .graphs
    return options
  }
}
