internal import Machine

/// The record behind a ``WorkQueue``.
struct WorkQueueStorage: ~Copyable {
  let lock = SpinLock()
  /// Counts items that ended and items that were called off; who waits sleeps on it.
  let changes = Word<UInt32>(0)
  // Guarded by lock: the items that wait, as addresses, 0 for none.
  let first = Cell<UInt>(0)
  let last = Cell<UInt>(0)
  let tickets = Cell<UInt64>(0)
  /// The item that runs, which may be gone already, and the ticket it was queued with.
  let current = Cell<UInt>(0)
  let currentTicket = Cell<UInt64>(0)
  /// Whether there is a worker.
  let isRunning = Cell<Bool>(false)
  let name: String
  let cpu: Int

  init(name: String, cpu: Int) {
    self.name = name
    self.cpu = cpu
  }

  /// Puts the item at the end, with the lock held.
  func append(_ item: Object<WorkItem>) {
    tickets.value += 1
    item.record.isQueued.value = true
    item.record.ticket.value = tickets.value
    item.record.next.value = 0
    if Conductor.current == nil { item.record.inherited.value = Machine.inheritedWord }
    if last.value == 0 {
      first.value = item.machineAddress
    } else {
      Object<WorkItem>(machineAddress: last.value).record.next.value = item.machineAddress
    }
    last.value = item.machineAddress
  }

  /// Takes the first item off and makes it the current one, with the lock held.
  ///
  /// Natively the worker goes on with what whoever queued the item handed down.
  func takeFirst() -> Object<WorkItem>? {
    guard first.value != 0 else { return nil }
    let item = Object<WorkItem>(machineAddress: first.value)
    remove(item)
    current.value = item.machineAddress
    currentTicket.value = item.record.ticket.value
    if Conductor.current == nil { Machine.inheritedWord = item.record.inherited.value }
    return item
  }

  /// Takes a queued item off, with the lock held.
  func remove(_ item: Object<WorkItem>) {
    let after = item.record.next.value
    var before: UInt = 0
    var next = first.value
    while next != item.machineAddress {
      before = next
      next = Object<WorkItem>(machineAddress: next).record.next.value
    }
    if before == 0 {
      first.value = after
    } else {
      Object<WorkItem>(machineAddress: before).record.next.value = after
    }
    if last.value == item.machineAddress { last.value = before }
    item.record.isQueued.value = false
  }

  /// Whether this queueing of the item has not ended, with the lock held.
  func isUnfinished(_ ticket: UInt64, _ item: Object<WorkItem>) -> Bool {
    if current.value == item.machineAddress && currentTicket.value == ticket { return true }
    return item.record.isQueued.value && item.record.ticket.value == ticket
  }

  /// Ends the sleep of everybody who waits for an item.
  func noteChange() {
    // relaxed: the lock orders what changed; the number only ends a sleep.
    _ = changes.fetchAdd(1, .relaxed)
    Machine.wake(changes)
  }
}
