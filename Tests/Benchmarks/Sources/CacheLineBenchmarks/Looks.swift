internal import Fences
internal import Kernel
internal import Machine

/// What a thread does again and again to a signaled fence.
enum Look: String, CaseIterable {
  case flag = "flag load"
  case flagBesideWrites = "flag load beside a written field"
  case lockAndTest = "lock and test"
  case getTestPut = "get, test, put"

  /// Looks so many times; the answer is always yes.
  @inline(never)
  func perform(_ fence: Fence, _ times: Int) -> Int {
    var found = 0
    switch self {
    case .flag, .flagBesideWrites:
      for _ in 0..<times where fence.testSignaledFlag() { found += 1 }
    case .lockAndTest:
      for _ in 0..<times where fence.withLock({ fence.testSignaledFlag() }) { found += 1 }
    case .getTestPut:
      for _ in 0..<times {
        fence.get()
        if fence.testSignaledFlag() { found += 1 }
        fence.put()
      }
    }
    return found
  }
}

/// Where the threads' fences lie.
enum Placement: String, CaseIterable {
  case shared
  case packed = "private, packed"
  case padded = "private, padded"

  /// One fence for each thread, and one for whoever takes and drops references meanwhile.
  func fences(_ count: Int) -> [Fence] {
    let stride = self == .padded ? 128 : 64
    // Safety: never freed; each fence gets memory of its own, zeroed, of its size and alignment.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: stride * (count + 1), alignment: 128)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: stride * (count + 1))
    let first = UInt(bitPattern: memory) + (self == .packed ? 8 : 0)
    return (0..<count).map { number in
      let place = self == .shared ? first : first + UInt(stride * number)
      let fence = Fence(machineAddress: place)
      if number == 0 || self != .shared {
        fence.initialise(operations: Self.operations, context: 1, seqno: UInt64(number))
        fence.signal()
      }
      return fence
    }
  }

  private static let operations = Machine.permanent(
    FenceOperations(driverName: { _ in "bench" }, timelineName: { _ in "bench" }))
}
