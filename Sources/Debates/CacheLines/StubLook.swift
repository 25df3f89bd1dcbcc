import Machine

/// How a CPU can look whether a stub fence, which is signaled from the start, is signaled.
public enum StubLook: String, Sendable, CaseIterable {
  /// Reads the bit.
  case flagLoad
  /// Reads the bit while another CPU takes and drops references.
  case flagBesideWrites
  /// Takes the fence's lock, reads the bit, gives the lock back.
  case lockAndTest
  /// Takes a reference, reads the bit, drops the reference.
  case getTestPut
  /// Finds the fence through a pointer in a read section, and reads the bit there.
  case testUnderRCU
  /// Reads a word of its own, into which it put what the bit said, while another CPU takes and
  /// drops references.
  case perCPUCopy

  /// In a table.
  public var title: String {
    switch self {
    case .flagLoad: "flag load"
    case .flagBesideWrites: "flag load beside a written field"
    case .lockAndTest: "lock and test"
    case .getTestPut: "get, test, put"
    case .testUnderRCU: "test under RCU"
    case .perCPUCopy: "per-CPU copy beside a written field"
    }
  }

  /// Whether a CPU that never looks takes and drops references meanwhile.
  var hasBystander: Bool { self == .flagBesideWrites || self == .perCPUCopy }

  /// Looks once; `copy` is this CPU's own word.
  func perform(_ stub: Stub, _ copy: Object<Word<UInt>>) -> Bool {
    switch self {
    case .flagLoad, .flagBesideWrites: return stub.test()
    case .lockAndTest: return stub.lockAndTest()
    case .testUnderRCU: return stub.testUnderRCU()
    case .getTestPut:
      stub.get()
      defer { stub.put() }
      return stub.test()
    case .perCPUCopy:
      // relaxed: only this CPU uses the word.
      if copy.record.load(.relaxed) == 1 { return true }
      let isSignaled = stub.test()
      // relaxed: only this CPU uses the word.
      if isSignaled { copy.record.store(1, .relaxed) }
      return isSignaled
    }
  }
}

/// Where the fences lie that the CPUs look at.
public enum StubPlacement: String, Sendable, CaseIterable {
  /// One fence for all, 64 bytes in one line: upstream's stub.
  case shared
  /// One fence for all, its lock, flags and count on lines of their own: our reconstruction.
  case sharedPadded
  /// A fence for each CPU, one behind the other, eight bytes off the line's beginning.
  case privatePacked
  /// A fence for each CPU, each on a line of its own.
  case privatePadded

  /// In a table.
  public var title: String {
    switch self {
    case .shared: "shared"
    case .sharedPadded: "shared, padded"
    case .privatePacked: "private, packed"
    case .privatePadded: "private, padded"
    }
  }

  /// Whether words of different CPUs are kept on different lines.
  var isPadded: Bool { self == .sharedPadded || self == .privatePadded }
}
