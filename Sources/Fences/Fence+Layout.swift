internal import Kernel
internal import Machine

// What tests ask about a fence and drivers must not.

extension FenceStorage {
  /// Where each field lies, counted from the beginning of a fence.
  package static var fieldOffsets: [(field: String, bytes: UInt)] {
    func offset(_ address: (borrowing FenceStorage) -> UInt) -> UInt {
      FieldOffset<FenceStorage, FenceStorage>(address).bytes
    }
    return [
      ("lock", offset { $0.externalLock.address }),
      ("operations", offset { $0.operations.address }),
      ("callbacks", offset { $0.callbacks.address }),
      ("context", offset { $0.context.address }),
      ("seqno", offset { $0.seqno.address }),
      ("flags", offset { $0.flags.address }),
      ("references", offset { $0.references.address }),
      ("error", offset { $0.error.address }),
    ]
  }
}

extension Fence {
  /// Whether anything waits on the fence's list, under its lock.
  package var hasCallbacks: Bool {
    withLock { !testFlagHoldingLock() && !storage.record.callbacks.isEmpty }
  }

  /// The bits of the flag word.
  package func has(_ flag: FenceFlag) -> Bool {
    // relaxed: a test asks when nothing moves.
    storage.record.flags.test(flag, .relaxed)
  }

  private func testFlagHoldingLock() -> Bool {
    // relaxed: the lock orders.
    storage.record.flags.test(.signaled, .relaxed)
  }
}
