import Machine

/// Writes of an engine that are on their way to memory.
///
/// Posted writes may arrive in any order, and after a seqno that was written later; only two
/// writes to one word keep theirs. Only the engine touches the buffer, so it is a plain value.
struct WriteBuffer {
  private var posted: [(address: UInt32, value: UInt32)] = []

  /// Whether there is no room for one more.
  var isFull: Bool { posted.count == Limits.postedWriteCount }

  /// Takes a write.
  mutating func post(_ value: UInt32, at address: UInt32) { posted.append((address, value)) }

  /// The value of a word as this engine sees it, if it has written it.
  func value(at address: UInt32) -> UInt32? { posted.last { $0.address == address }?.value }

  /// Lets all writes arrive, in an order that explored runs choose.
  mutating func drain(into memory: borrowing DeviceMemory) {
    while !posted.isEmpty {
      // A write that another to the same word precedes has to wait for that.
      let free = posted.indices.filter { index in
        !posted[..<index].contains { $0.address == posted[index].address }
      }
      let choice = Machine.choose(below: UInt64(free.count), "which posted write arrives next")
      let write = posted.remove(at: free[Int(choice)])
      memory.store(write.value, at: write.address)
    }
  }

  /// Loses what has not arrived, as a reset does.
  mutating func drop() { posted = [] }
}
