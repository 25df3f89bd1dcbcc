import Explorer
import Fences
import Kernel
import Machine

/// Looks at fences and callbacks after every step of an exploration.
// Safety: only the exploring thread touches it.
final class FenceWatch: @unchecked Sendable {
  private let fences: [Fence]
  private let callbacks: [WatchedCallback]
  private var earlier: [FenceSnapshot]

  init(_ lab: Lab, _ fences: [Fence], _ callbacks: [WatchedCallback] = []) {
    (self.fences, self.callbacks) = (fences, callbacks)
    earlier = fences.map { $0.snapshot() }
    lab.always { self.violations() }
  }

  private func violations() -> String? {
    var found: [String] = []
    for (index, fence) in fences.enumerated() {
      let now = fence.snapshot()
      if now == earlier[index] { continue }
      found += now.violations(since: earlier[index])
      earlier[index] = now
    }
    for callback in callbacks { found += callback.violations() }
    return found.isEmpty ? nil : found.joined(separator: "; ")
  }

  /// What must be true when all threads have ended; ends the callbacks.
  func end(_ lab: Lab) {
    for fence in earlier { lab.expect(fence.isSignaled, "9: a fence was never signaled") }
    for callback in callbacks {
      lab.expect(callback.isSettled, "2: a callback neither ran nor was removed")
      callback.free()
    }
  }
}

/// A callback that says when it runs, and how often it did.
struct WatchedCallback: Sendable {
  struct Record: ~Copyable {
    let callback = FenceCallback()
    let isRunning = Word<UInt32>(0)
    let additions = Word<UInt32>(0)
    let calls = Word<UInt32>(0)
    let removals = Word<UInt32>(0)
    static let callback = FieldOffset<Record, FenceCallback> { $0.callback.address }
    static let function = FenceCallback.Function { _, callback in
      WatchedCallback(record: Record.callback.record(around: callback)).run()
    }
  }

  private let record: Object<Record>
  private let fence: Fence?

  private init(record: Object<Record>) { (self.record, fence) = (record, nil) }

  init(on fence: Fence) { (record, self.fence) = (Machine.allocate(Record()), fence) }

  /// What the signaler calls, with the fence's lock held.
  func run() {
    // relaxed, here and below: only who looks at single moments reads what others wrote.
    record.record.isRunning.store(1, .relaxed)
    _ = record.record.calls.fetchAdd(1, .relaxed)
    record.record.isRunning.store(0, .relaxed)
  }

  func add() {
    guard (try? fence?.addCallback(Record.callback.field(of: record), Record.function)) != nil
    else { return }
    record.record.additions.store(1, .relaxed)
  }

  func remove() {
    guard fence?.removeCallback(Record.callback.field(of: record)) == true else { return }
    record.record.removals.store(1, .relaxed)
  }

  func violations() -> [String] {
    var found: [String] = []
    if record.record.isRunning.load(.relaxed) == 1, fence?.snapshot().isLockHeld == false {
      found.append("3: a callback runs without the lock")
    }
    if settlements > 1 { found.append("2: a callback ran twice, or ran and was removed") }
    return found
  }

  var isSettled: Bool { settlements == record.record.additions.load(.relaxed) }

  private var settlements: UInt32 {
    record.record.calls.load(.relaxed) + record.record.removals.load(.relaxed)
  }

  func free() { Machine.free(record) }
}
