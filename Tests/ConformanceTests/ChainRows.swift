import Fences
import Foundation
import Kernel
import Machine
import Testing

/// The rows of the kernel's `dma-buf-fence-chain` suite, under their own names.
struct ChainRows {
  @Test func `dma-buf-fence-chain: test_sanitycheck`() throws {
    let fence = Mock.fence()
    let node = try #require(FenceChain.make(previous: nil, fence: fence.get(), seqno: 1)).fence
    node.enableSignaling()
    fence.signal()
    fence.put()
    node.put()
  }

  @Test func `dma-buf-fence-chain: test_find_seqno`() throws {
    let chains = try #require(Chains(64))
    #expect(chains.find(0, from: chains.tail) == .found(chains.tail))
    for number in 0..<64 {
      let (node, point) = (chains.nodes[number], UInt64(number + 1))
      #expect(chains.find(point, from: chains.tail) == .found(node))
      #expect(chains.find(point, from: node) == .found(node))
      #expect(chains.find(point + 1, from: node) == .failed(.invalidArgument, at: node))
      let older = number > 0 ? chains.nodes[number - 1] : node
      #expect(chains.find(point - 1, from: node) == .found(older))
    }
    chains.end()
  }

  @Test func `dma-buf-fence-chain: test_find_signaled`() throws {
    let chains = try #require(Chains(2))
    chains.fences[0].signal()
    let found = chains.find(1, from: chains.tail)
    #expect(found == .found(nil) || found == .found(chains.nodes[0]))
    chains.end()
  }

  @Test func `dma-buf-fence-chain: test_find_out_of_order`() throws {
    let chains = try #require(Chains(3))
    chains.fences[1].signal()
    #expect(chains.find(2, from: chains.tail) == .found(chains.nodes[0]))
    chains.end()
  }

  @Test func `dma-buf-fence-chain: test_find_gap`() throws {
    let chains = try #require(Chains(64) { 2 * $0 + 2 })
    for number in 0..<64 {
      let (node, even) = (chains.nodes[number], UInt64(2 * number + 2))
      #expect(chains.find(even - 1, from: chains.tail) == .found(node))
      #expect(chains.find(even, from: node) == .found(node))
    }
    chains.end()
  }

  @Test func `dma-buf-fence-chain: test_find_race`() throws {
    // The kernel's four thousand nodes; a bounded number of turns in place of its five seconds.
    // A sanitizer's run sets a smaller one.
    let turns = ProcessInfo.processInfo.environment["FENCELAB_TURNS"].flatMap(Int.init) ?? 500
    let chains = try #require(Chains(4096))
    let failures = Machine.permanent(Word<UInt32>(0))
    let threads = (0..<4).map { number in
      KernelThread.start("finder \(number)") {
        var random = Random(UInt64(number))
        for _ in 0..<turns where !Self.findAndSignal(chains, &random) {
          _ = failures.record.fetchAdd(1, .relaxed)
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(failures.record.load(.relaxed) == 0)
    chains.end()
  }

  @Test func `dma-buf-fence-chain: test_signal_forward`() throws {
    let chains = try #require(Chains(64))
    for number in 0..<64 {
      chains.fences[number].signal()
      #expect(chains.nodes[number].isSignaled())
      if number < 63 { #expect(!chains.nodes[number + 1].isSignaled()) }
    }
    chains.end()
  }

  @Test func `dma-buf-fence-chain: test_signal_backward`() throws {
    let chains = try #require(Chains(64))
    for number in (0..<64).reversed() {
      chains.fences[number].signal()
      if number > 0 { #expect(!chains.nodes[number].isSignaled()) }
    }
    #expect(chains.nodes.allSatisfy { $0.isSignaled() })
    chains.end()
  }

  @Test func `dma-buf-fence-chain: test_wait_forward`() throws { try wait { $0 } }

  @Test func `dma-buf-fence-chain: test_wait_backward`() throws { try wait { $0.reversed() } }

  @Test func `dma-buf-fence-chain: test_wait_random`() throws {
    try wait { fences in
      var random = Random(1)
      return fences.shuffled(using: &random)
    }
  }

  private func wait(signaling order: ([Fence]) -> [Fence]) throws {
    let chains = try #require(Chains(4096))
    let tail = try #require(chains.tail)
    let isOver = Machine.permanent(Word<UInt32>(0))
    let waiter = KernelThread.start("waiter") {
      tail.wait()
      isOver.record.store(1, .relaxed)
    }
    for fence in order(chains.fences) { fence.signal() }
    waiter.join()
    #expect(isOver.record.load(.relaxed) == 1)
    chains.end()
  }

  private static func findAndSignal(_ chains: Chains, _ random: inout Random) -> Bool {
    let point = random.next() % 4096 + 1
    var fence = chains.tail?.get()
    do throws(Errno) {
      try FenceChain.find(seqno: point, from: &fence)
      if fence?.seqno == point { try FenceChain.find(seqno: point, from: &fence) }
    } catch {
      fence?.put()
      return false
    }
    fence?.put()
    chains.fences[Int(random.next() % 4095)].signal()
    return true
  }
}

/// Numbers that are the same in every run (SplitMix64).
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
