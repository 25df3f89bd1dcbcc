import Fences
import Kernel
import Machine

/// The fences of one run, one for each CPU to use, and each CPU's own word.
struct StubWorld: Sendable {
  /// The fence that each CPU uses; one and the same for all where it is shared.
  let stubs: [Stub]
  /// Where each CPU keeps what it once read.
  let copies: [Object<Word<UInt>>]

  private let placement: StubPlacement
  private let packed: Object<PackedStubs>?
  private let table: Object<Word<UInt>>?

  private static let cpuCount = PackedStubs.stubCount

  init(_ placement: StubPlacement) {
    self.placement = placement
    let packed =
      placement == .privatePacked
      ? Machine.allocate(alignment: 64, PackedStubs()) : nil
    self.packed = packed
    stubs = Self.makeStubs(placement, packed)
    if placement.isPadded {
      table = nil
      copies = (0..<Self.cpuCount).map { _ in Machine.allocate(alignment: 64, Word<UInt>(0)) }
    } else {
      let words = Machine.allocate(Word<UInt>(0), trailingWords: Self.cpuCount)
      table = words
      copies = (0..<Self.cpuCount).map { words.trailingWord($0) }
    }
  }

  private static func makeStubs(_ placement: StubPlacement, _ packed: Object<PackedStubs>?)
    -> [Stub]
  {
    let each = 0..<cpuCount
    switch placement {
    case .shared: return Array(repeating: Stub(Fence.stub()), count: cpuCount)
    case .sharedPadded:
      return Array(
        repeating: Stub(Machine.allocate(alignment: 64, PaddedStub())), count: cpuCount)
    case .privatePacked:
      guard let packed else { preconditionFailure("packed stubs have a record") }
      // The bystander, the last CPU, gets the first, so that it has a neighbour behind it.
      return each.map { ($0 + 1) % cpuCount }.map { number in
        let fence = PackedStubs.stub(number, of: packed)
        fence.initialise(operations: driver, context: 1, seqno: UInt64(number))
        fence.signal()
        return Stub(fence)
      }
    case .privatePadded:
      return each.map { _ in
        guard let fence = Fence.makeStub(timestamp: 0) else {
          preconditionFailure("a simulated allocation succeeds")
        }
        return Stub(fence)
      }
    }
  }

  private static let driver = Machine.permanent(
    FenceOperations(driverName: { _ in "stub" }, timelineName: { _ in "stub" }))

  /// Gives everything back.
  func close() {
    let own = placement == .shared || placement == .sharedPadded ? [stubs[0]] : stubs
    for stub in own {
      stub.close()
      switch stub {
      case .fence(let fence, _): if packed == nil { fence.put() }
      case .padded(let memory, _): Machine.free(memory)
      }
    }
    if let packed { Machine.free(packed) }
    if let table { Machine.free(table) } else { for copy in copies { Machine.free(copy) } }
  }
}
