import Fences
import Foundation
import Kernel
import Machine
import Testing

/// Signals, adds and removes that all threads do together; `FENCELAB_OPERATIONS=10000000` for ten
/// million.
private let operationCount =
  ProcessInfo.processInfo.environment["FENCELAB_OPERATIONS"].flatMap(Int.init) ?? 40_000

/// Real threads over the same few fences, and a ledger that must come out even.
@Suite(.serialized)
struct FenceStressTests {
  @Test func `threads that signal, add and remove lose no callback and leak nothing`() {
    let threadCount = max(2, ProcessInfo.processInfo.activeProcessorCount)
    let stress = Stress()
    let threads = (0..<threadCount).map { number in
      KernelThread.start("stress \(number)") {
        var worker = StressWorker(stress, seed: UInt64(number))
        worker.run(operations: operationCount / threadCount)
        worker.end()
      }
    }
    for thread in threads { thread.join() }
    stress.end()
    let ledger = stress.ledger
    print("stress: \(ledger.entries)")
    #expect(ledger.sum(.signals, .adds, .refusals, .removes) >= operationCount / 2)
    // Each callback that was added ran once or was removed, and each fence was freed.
    #expect(ledger.sum(.adds) == ledger.sum(.calls, .removes))
    #expect(ledger.sum(.wrongAnswers) == 0)
    #expect(ledger.sum(.made) == ledger.sum(.released))
  }
}

/// What is counted, over all threads.
private struct Ledger: Sendable {
  enum Entry: CaseIterable {
    case signals, adds, refusals, removes, calls, wrongAnswers, made, released
  }

  private let words = Entry.allCases.map { _ in Machine.permanent(Word<UInt64>(0)) }

  func count(_ entry: Entry, _ times: UInt64 = 1) {
    // relaxed: read when all threads have ended.
    _ = words[Entry.allCases.firstIndex(of: entry) ?? 0].record.fetchAdd(times, .relaxed)
  }

  func sum(_ entries: Entry...) -> Int {
    // relaxed: as above.
    entries.reduce(0) { sum, entry in
      sum + Int(words[Entry.allCases.firstIndex(of: entry) ?? 0].record.load(.relaxed))
    }
  }

  var entries: String {
    Entry.allCases.map { "\($0) \(sum($0))" }.joined(separator: ", ")
  }
}

/// Fences that everybody can find, each in a slot that whoever signals it fills again.
private struct Stress: Sendable {
  let ledger = Ledger()
  let slots: [Object<Word<Fence?>>]
  private let operations: Object<FenceOperations>

  init() {
    let ledger = ledger
    operations = Machine.permanent(
      FenceOperations(
        driverName: { _ in "stress" }, timelineName: { _ in "line" },
        release: { fence in
          ledger.count(.released)
          fence.free()
        }))
    slots = (0..<4).map { _ in Machine.permanent(Word<Fence?>(nil)) }
    for slot in slots { RCU.assign(make(), to: slot.record) }
  }

  func make() -> Fence {
    ledger.count(.made)
    return Fence.make(operations: operations, context: 7, seqno: 1)
  }

  /// Puts a new fence in a slot, signals the old one and gives it back.
  func replace(_ slot: Object<Word<Fence?>>) {
    // full[test.slot] ↔ full in Stress.replace(_:). The slot's reference changes hands.
    let old = slot.record.exchange(make(), .full, edge: "test.slot")
    old?.signal()
    old?.put()
  }

  func end() {
    for slot in slots {
      let last = slot.record.exchange(nil, .full, edge: "test.slot")
      last?.signal()
      last?.put()
    }
    RCU.barrier()
  }
}

/// One thread's part, with callbacks of its own on fences of everybody's.
private struct StressWorker {
  private struct Waiting {
    let callback = Counting()
    var fence: Fence
  }

  private let stress: Stress
  private var random: SplitMix
  private var waiting: [Waiting] = []
  private var replacements = 0

  init(_ stress: Stress, seed: UInt64) {
    self.stress = stress
    random = SplitMix(seed)
  }

  mutating func run(operations: Int) {
    for _ in 0..<operations {
      let dice = random.next()
      let slot = stress.slots[Int(dice >> 32) % stress.slots.count]
      switch dice % 8 {
      case 0, 1:
        stress.ledger.count(.signals)
        stress.replace(slot)
        // Without this, freeing falls behind, and memory fills with fences that wait for it.
        replacements += 1
        if replacements.isMultiple(of: 1_024) { RCU.barrier() }
      case 2:
        stress.ledger.count(.signals)
        RCU.withReadLock { Fence.get(from: slot.record) }.map { fence in
          fence.signal()
          fence.put()
        }
      case 3, 4, 5: add(to: slot)
      default: settleOne()
      }
      if waiting.count == 64 { settleOne() }
    }
  }

  private mutating func add(to slot: Object<Word<Fence?>>) {
    guard let fence = RCU.withReadLock({ Fence.get(from: slot.record) }) else { return }
    let entry = Waiting(fence: fence)
    do throws(Errno) {
      try entry.callback.add(to: fence)
      stress.ledger.count(.adds)
      waiting.append(entry)
    } catch {
      stress.ledger.count(.refusals)
      if entry.callback.calls != 0 { stress.ledger.count(.wrongAnswers) }
      entry.callback.free()
      fence.put()
    }
  }

  /// Takes some callback back, or finds that it has run to its end.
  private mutating func settleOne() {
    guard !waiting.isEmpty else { return }
    let entry = waiting.remove(at: Int(random.next() % UInt64(waiting.count)))
    let wasRemoved = entry.fence.removeCallback(entry.callback.handle)
    stress.ledger.count(wasRemoved ? .removes : .calls)
    if entry.callback.calls != (wasRemoved ? 0 : 1) { stress.ledger.count(.wrongAnswers) }
    entry.callback.free()
    entry.fence.put()
  }

  mutating func end() { while !waiting.isEmpty { settleOne() } }
}

/// Numbers that are the same in every run (SplitMix64).
private struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
