import Fences
import Kernel
import Machine
import Testing

/// The rows of the kernel's `dma-buf-fence` suite, under their own names.
struct FenceRows {
  @Test func `dma-buf-fence: test_sanitycheck`() {
    let fence = Mock.fence()
    fence.enableSignaling()
    fence.signal()
    fence.put()
  }

  @Test func `dma-buf-fence: test_signaling`() {
    let fence = Mock.fence()
    fence.enableSignaling()
    #expect(!fence.isSignaled())
    #expect(!fence.checkAndSignal())
    #expect(fence.isSignaled())
    #expect(fence.testSignaledFlag())
    // The names tell that the operations are detached.
    #expect(fence.driverName == "detached-driver")
    fence.put()
  }

  @Test func `dma-buf-fence: test_add_callback`() {
    let (fence, seen) = (Mock.fence(), Seen())
    #expect(seen.add(to: fence) == nil)
    fence.signal()
    #expect(seen.isSeen)
    end(fence, seen)
  }

  @Test func `dma-buf-fence: test_late_add_callback`() {
    let (fence, seen) = (Mock.fence(), Seen())
    fence.enableSignaling()
    fence.signal()
    #expect(seen.add(to: fence) == .noEntry)
    fence.signal()
    #expect(!seen.isSeen)
    end(fence, seen)
  }

  @Test func `dma-buf-fence: test_rm_callback`() {
    let (fence, seen) = (Mock.fence(), Seen())
    #expect(seen.add(to: fence) == nil)
    #expect(seen.remove(from: fence))
    fence.signal()
    #expect(!seen.isSeen)
    end(fence, seen)
  }

  @Test func `dma-buf-fence: test_late_rm_callback`() {
    let (fence, seen) = (Mock.fence(), Seen())
    #expect(seen.add(to: fence) == nil)
    fence.signal()
    #expect(seen.isSeen)
    #expect(!seen.remove(from: fence))
    end(fence, seen)
  }

  @Test func `dma-buf-fence: test_status`() {
    let fence = Mock.fence()
    fence.enableSignaling()
    #expect(fence.status() == .pending)
    fence.signal()
    #expect(fence.status() == .done)
    fence.put()
  }

  @Test func `dma-buf-fence: test_error`() {
    let fence = Mock.fence()
    fence.enableSignaling()
    fence.setError(Errno(kernelValue: -5))
    #expect(fence.status() == .pending)
    fence.signal()
    #expect(fence.status().kernelValue == -5)
    fence.put()
  }

  @Test func `dma-buf-fence: test_wait`() throws {
    let fence = Mock.fence()
    fence.enableSignaling()
    #expect(try fence.wait(interruptible: false, timeout: .zero) == .zero)
    fence.signal()
    #expect(try fence.wait(interruptible: false, timeout: .zero) == Jiffies(1))
    fence.put()
  }

  @Test func `dma-buf-fence: test_wait_timeout`() throws {
    let fence = Mock.fence()
    fence.enableSignaling()
    #expect(try fence.wait(interruptible: false, timeout: Jiffies(1)) == .zero)
    // Without end where the kernel says one second: this test has no clock to lose against.
    let timer = KernelTimer.make("timer") { _ in fence.signal() }
    timer.arm(after: Jiffies(1))
    #expect(try fence.wait(interruptible: false, timeout: .max) == .max)
    timer.shutDown()
    fence.put()
  }

  @Test func `dma-buf-fence: test_stub`() {
    let stubs = (0..<64).map { _ in Fence.stub() }
    #expect(stubs.allSatisfy { $0.isSignaled() })
    for stub in stubs { stub.put() }
  }

  @Test(arguments: [false, true])
  func `dma-buf-fence: test_race_signal_callback`(before: Bool) {
    let misses = Machine.permanent(Word<UInt32>(0))
    for _ in 0..<200 {
      let fences = [Mock.enabled(), Mock.enabled()]
      let threads = (0...1).map { number in
        KernelThread.start("racer \(number)") {
          if !RaceRow(own: fences[number], peer: fences[1 - number]).run(before: before) {
            _ = misses.record.fetchAdd(1, .relaxed)
          }
        }
      }
      for thread in threads { thread.join() }
      for fence in fences { fence.put() }
    }
    #expect(misses.record.load(.relaxed) == 0)
  }

  private func end(_ fence: Fence, _ seen: Seen) {
    fence.put()
    seen.free()
  }
}

/// One thread of `test_race_signal_callback`.
struct RaceRow {
  let own: Fence
  let peer: Fence

  /// Whether the callback on the peer's fence had run when it must have.
  func run(before: Bool) -> Bool {
    if before { own.signal() }
    let seen = Seen()
    let wasAdded = seen.add(to: peer) == nil
    if !before { own.signal() }
    defer { seen.free() }
    guard wasAdded else { return true }
    peer.wait()
    // Whoever signals holds the lock until the callbacks have run.
    return peer.withLock { seen.isSeen }
  }
}
