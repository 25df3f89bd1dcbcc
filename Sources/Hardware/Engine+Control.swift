import Machine

// MARK: - Reset

extension Engine {
  /// Makes the engine forget the packets it has, also the one it hangs in.
  ///
  /// A computation that would end by itself ends first. Packets submitted after the request are
  /// kept; the seqno stays as it is.
  ///
  /// - Precondition: One reset at a time, and the caller may sleep.
  /// - Parameter request: What ``requestReset()`` returned under the submission lock.
  public func awaitReset(_ request: UInt32) {
    registers.record.ring.awaitReset(request)
  }

  /// Begins a reset; never sleeps.
  ///
  /// - Precondition: The caller holds its submission lock, and no other reset is under way.
  public func requestReset() -> UInt32 {
    let request = registers.record.ring.requestReset()
    // An engine at a semaphore does not look at its doorbell.
    device?.announceActivity()
    return request
  }
}

// MARK: - Power

extension Engine {
  /// Takes the power away: the engine ends the packet it has begun and begins no other.
  ///
  /// What it remembers of translations is lost. Packets may be submitted meanwhile.
  ///
  /// - Precondition: The engine belongs to a device.
  public func gate() {
    precondition(device != nil, "an engine without a device has no power to take")
    // relaxed: the engine looks before each packet, and nothing is handed over.
    registers.record.isGated.store(1, .relaxed)
  }

  /// Gives the power back.
  public func ungate() {
    // relaxed: the packets come through the doorbell.
    registers.record.isGated.store(0, .relaxed)
    Machine.wake(registers.record.isGated)
  }

  /// Sleeps while there is no power; returns whether there was none.
  func sleepWhileGated() -> Bool {
    var wasGated = false
    // relaxed: the packets come through the doorbell.
    while registers.record.isGated.load(.relaxed) != 0 {
      wasGated = true
      _ = Machine.park(on: registers.record.isGated, while: 1)
    }
    return wasGated
  }
}
