import Fences
import Testing

@Suite struct LayoutTests {
  @Test func `a fence is one cache line with the kernel's offsets`() {
    #expect(MemoryLayout<FenceStorage>.size == 64)
    let expected: [(String, UInt)] = [
      ("lock", 0), ("operations", 8), ("callbacks", 16), ("context", 32), ("seqno", 40),
      ("flags", 48), ("references", 56), ("error", 60),
    ]
    let found = FenceStorage.fieldOffsets
    #expect(found.map(\.field) == expected.map(\.0))
    #expect(found.map(\.bytes) == expected.map(\.1))
  }

  @Test func `a callback is 24 bytes and a handle 8`() {
    #expect(MemoryLayout<FenceCallback>.size == 24)
    #expect(MemoryLayout<Fence>.size == 8)
  }

  @Test func `flags have the kernel's bit numbers`() {
    let flags: [FenceFlag] = [
      .initialised, .inlineLock, .seqno64, .signaled, .timestamp, .signalingEnabled, .user(0),
    ]
    #expect(flags.map(\.bitNumber) == [0, 1, 2, 3, 4, 5, 6])
  }
}
