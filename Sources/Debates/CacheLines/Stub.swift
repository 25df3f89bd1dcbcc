import Fences
import Kernel
import Machine

/// A signaled fence, in one of the layouts that are compared.
enum Stub: Sendable {
  /// The library's fence, and a pointer to it for readers.
  case fence(Fence, Object<Word<Fence?>>)
  /// The three fields that a look touches, each on a line of its own.
  case padded(Object<PaddedStub>, Object<Word<Object<PaddedStub>?>>)

  init(_ fence: Fence) {
    self = .fence(fence, Machine.allocate(alignment: 64, Word<Fence?>(fence)))
  }

  init(_ stub: Object<PaddedStub>) {
    self = .padded(stub, Machine.allocate(alignment: 64, Word<Object<PaddedStub>?>(stub)))
  }

  /// Reads the bit.
  func test() -> Bool {
    switch self {
    case .fence(let fence, _): fence.testSignaledFlag()
    case .padded(let stub, _): stub.record.test()
    }
  }

  /// Reads the bit under the lock.
  func lockAndTest() -> Bool {
    switch self {
    case .fence(let fence, _): fence.withLock { fence.testSignaledFlag() }
    case .padded(let stub, _): stub.record.lock.withLockIRQSave { stub.record.test() }
    }
  }

  /// Follows the pointer in a read section and reads the bit.
  func testUnderRCU() -> Bool {
    RCU.withReadLock {
      switch self {
      case .fence(_, let pointer):
        RCU.dereference(pointer.record)?.testSignaledFlag() ?? false
      case .padded(_, let pointer): RCU.dereference(pointer.record)?.record.test() ?? false
      }
    }
  }

  func get() {
    switch self {
    case .fence(let fence, _): fence.get()
    case .padded(let stub, _): stub.record.references.get()
    }
  }

  /// Gives back a reference that is not the last.
  func put() {
    switch self {
    case .fence(let fence, _): fence.put()
    case .padded(let stub, _): _ = stub.record.references.put()
    }
  }

  /// The stub as its pointer leads to it now, and nothing that keeps it; nil once it is withdrawn.
  var found: Stub? {
    switch self {
    case .fence(_, let pointer):
      RCU.dereference(pointer.record).map { .fence($0, pointer) }
    case .padded(_, let pointer):
      RCU.dereference(pointer.record).map { .padded($0, pointer) }
    }
  }

  /// Takes the pointer away from readers that come later.
  func withdraw() {
    switch self {
    case .fence(_, let pointer): RCU.assign(nil, to: pointer.record)
    case .padded(_, let pointer): RCU.assign(nil, to: pointer.record)
    }
  }

  /// Frees the pointer; the fence belongs to whoever made it.
  func close() {
    switch self {
    case .fence(_, let pointer): Machine.free(pointer)
    case .padded(_, let pointer): Machine.free(pointer)
    }
  }
}

/// What a stub fence could be if memory were no concern: three lines instead of one.
struct PaddedStub: ~Copyable {
  let lock = SpinLock()
  private let gap1 = Padding()
  let flags = FlagWord<FenceFlag>([.initialised, .signaled])
  private let gap2 = Padding()
  let references = ReferenceCount(1)

  func test() -> Bool {
    // relaxed: as the library's lockless test.
    flags.test(.signaled, .relaxed)
  }

  static var fields: [(name: String, offset: Int)] {
    func offset(_ address: (borrowing PaddedStub) -> UInt) -> Int {
      Int(FieldOffset<PaddedStub, PaddedStub>(address).bytes)
    }
    return [
      ("lock", offset { $0.lock.address }), ("flags", offset { $0.flags.address }),
      ("references", offset { $0.references.address }),
    ]
  }
}

/// Stubs for five CPUs without care for lines: each begins eight bytes into one and ends eight
/// bytes into the next.
struct PackedStubs: ~Copyable {
  let owner = Word<UInt64>(0)
  let stub0 = FenceStorage()
  let stub1 = FenceStorage()
  let stub2 = FenceStorage()
  let stub3 = FenceStorage()
  let stub4 = FenceStorage()

  static let stubCount = 5
  static let fields = (0..<stubCount).flatMap { number in
    FenceStorage.fieldOffsets.map {
      (name: "stub \(number).\($0.field)", offset: 8 + 64 * number + Int($0.bytes))
    }
  }

  /// Where stub number so-and-so begins.
  static func stub(_ number: Int, of stubs: Object<PackedStubs>) -> Fence {
    Fence(machineAddress: stubs.record.stub0.address + UInt(64 * number))
  }
}

/// What fills up a line behind a field of at most eight bytes.
private struct Padding: ~Copyable {
  let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
}
