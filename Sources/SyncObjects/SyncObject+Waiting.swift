internal import Fences
public import Kernel
internal import Machine

extension SyncObject {
  /// Sleeps until the fences at some points of some objects are signaled, or there
  /// (`drm_syncobj_array_wait_timeout`).
  ///
  /// Even without any time it enables signaling on each fence once, because a driver may only then
  /// say that the work is over.
  ///
  /// - Parameters:
  ///   - targets: The objects and their points; 0 for an object's fence as it is.
  ///   - deadline: What the drivers are told, in nanoseconds on the machine's clock.
  /// - Returns: The number of a target that is over. With ``SyncObjectWaitFlags/all`` it is the
  ///   first one that was over at the start, or nil.
  /// - Throws: `invalidArgument` where a fence is not there and no flag says to wait for it, before
  ///   any waiting; `timeExpired`; `restartSystemCall` where a signal is pending; `noMemory`.
  /// - Ordering: Sees what was written before each fence that it found signaled.
  public static func wait(
    for targets: [(object: SyncObject, point: UInt64)], _ flags: SyncObjectWaitFlags = [],
    timeout: Jiffies, deadline: UInt64? = nil
  ) throws(Errno) -> Int? {
    if !flags.isDisjoint(with: [.forSubmit, .available]) { Kernel.mightSleep() }
    if Machine.choose(below: 2, "allocation fails") == 1 { throw .noMemory }
    var wait = SyncObjectWait(targets, flags)
    let result = wait.run(timeout: timeout, deadline: deadline)
    wait.end()
    return try result.get()
  }
}

/// One task that waits for several sync objects.
private struct SyncObjectWait {
  typealias Outcome = Result<Int?, Errno>

  private struct Entry {
    let object: SyncObject
    let waiter: Object<SyncObjectWaiter>
    var isWaiting = false
    var hasCallback = false
  }

  private let flags: SyncObjectWaitFlags
  private let task = KernelTask.current
  private var entries: [Entry]

  init(_ targets: [(object: SyncObject, point: UInt64)], _ flags: SyncObjectWaitFlags) {
    self.flags = flags
    let task = task
    entries = targets.map {
      Entry(object: $0.object, waiter: SyncObjectWaiter.make(task, point: $0.point))
    }
  }

  mutating func run(timeout: Jiffies, deadline: UInt64?) -> Outcome {
    switch look() {
    case .some(let known): return known
    case nil: break
    }
    if waitsForFences {
      for index in entries.indices {
        entries[index].isWaiting = true
        entries[index].object.addWaiter(entries[index].waiter)
      }
    }
    if let deadline {
      for entry in entries { entry.waiter.record.foundFence?.setDeadline(deadline) }
    }
    return sleep(timeout: timeout)
  }

  /// Gives everything back.
  func end() {
    for entry in entries {
      if entry.isWaiting { entry.object.removeWaiter(entry.waiter) }
      if let fence = entry.waiter.record.foundFence {
        if entry.hasCallback {
          fence.removeCallback(SyncObjectWaiter.callback.field(of: entry.waiter))
        }
        fence.put()
      }
      Machine.free(entry.waiter)
    }
  }

  private var waitsForFences: Bool { !flags.isDisjoint(with: [.forSubmit, .available]) }

  // MARK: - Before any waiting

  private var firstIndex: Int?

  /// Finds each target's fence, and says what is known without waiting, if anything is.
  private mutating func look() -> Outcome? {
    var count = 0
    for (index, entry) in entries.enumerated() {
      let record = entry.waiter
      guard let fence = SyncObject.find(record.record.point, from: entry.object.fence()) else {
        if waitsForFences { continue }
        return .failure(.invalidArgument)
      }
      record.record.found(fence)
      if flags.contains(.available) || isOver(fence) {
        if count == 0 { firstIndex = index }
        count += 1
      }
    }
    let isEnough = count == entries.count || (count > 0 && !flags.contains(.all))
    return isEnough ? .success(firstIndex) : nil
  }

  // MARK: - Waiting

  private mutating func sleep(timeout: Jiffies) -> Outcome {
    defer { task.setStateUnordered(.running) }
    var left = timeout
    while true {
      task.setState(.interruptible)
      if let outcome = countWhatIsOver() { return outcome }
      if left == .zero { return .failure(.timeExpired) }
      if task.hasPendingSignal { return .failure(.restartSystemCall) }
      left = KernelTask.schedule(timeout: left)
    }
  }

  /// Adds the callbacks that are missing, and says how the wait ends, if it does.
  private mutating func countWhatIsOver() -> Outcome? {
    var count = 0
    for index in entries.indices {
      guard let fence = entries[index].waiter.record.foundFence else { continue }
      guard flags.contains(.available) || isOver(fence) || !addCallback(to: fence, index) else {
        continue
      }
      if !flags.contains(.all) { return .success(index) }
      count += 1
    }
    return count == entries.count ? .success(firstIndex) : nil
  }

  /// Whether the fence is signaled; then what came before is visible.
  private func isOver(_ fence: Fence) -> Bool {
    guard fence.isSignaled() else { return false }
    // Its lock, taken once, orders what was written before it was signaled.
    fence.withLock {}
    return true
  }

  /// Adds the callback unless it was added before; false where the fence is signaled.
  private mutating func addCallback(to fence: Fence, _ index: Int) -> Bool {
    if entries[index].hasCallback { return true }
    do throws(Errno) {
      try fence.addCallback(
        SyncObjectWaiter.callback.field(of: entries[index].waiter), SyncObjectWaiter.wake)
    } catch {
      fence.withLock {}
      return false
    }
    entries[index].hasCallback = true
    return true
  }
}
