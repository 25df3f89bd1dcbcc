import Fences
import Kernel
import Machine
import Testing

/// The checklist's points 16 to 18, on native threads.
struct ContainerTests {
  // MARK: - Arrays

  @Test func `16 · an array is signaled with its last child`() throws {
    let (one, other) = (Plain.fence(context: 1), Plain.fence(context: 2))
    let array = try array([one, other])
    array.enableSignaling()
    one.signal()
    #expect(array.status() == .pending)
    other.signal()
    array.wait()
    #expect(array.status() == .done)
    for fence in [array, one, other] { fence.put() }
  }

  @Test func `16 · the first error wins, and no error clears the mark`() throws {
    let fences = [Plain.fence(context: 1), Plain.fence(context: 2), Plain.fence(context: 3)]
    let array = try array(fences)
    array.enableSignaling()
    fences[0].signal()
    for (fence, number) in zip(fences.dropFirst(), [Int32(-5), -6]) {
      fence.setError(Errno(kernelValue: number))
      fence.signal()
    }
    array.wait()
    #expect(array.status().kernelValue == -5)
    for fence in fences + [array] { fence.put() }
  }

  @Test func `16 · an array of signaled fences is signaled when signaling is enabled`() throws {
    let fence = Plain.fence()
    fence.setError(Errno(kernelValue: -5))
    fence.signal()
    let array = try array([fence])
    array.enableSignaling()
    #expect(array.testSignaledFlag())
    #expect(array.status().kernelValue == -5)
    for fence in [array, fence] { fence.put() }
  }

  @Test func `16 · an array nobody waits for is found signaled by asking`() throws {
    let (one, other) = (Plain.fence(context: 1), Plain.fence(context: 2))
    let array = try array([one, other])
    one.signal()
    #expect(!array.isSignaled())
    other.signal()
    #expect(!array.testSignaledFlag())
    #expect(array.isSignaled())
    for fence in [array, one, other] { fence.put() }
  }

  @Test func `16 · an array for any is over with the first, and keeps out later errors`() throws {
    let (one, other) = (Plain.fence(context: 1), Plain.fence(context: 2))
    let array = try array([one, other], completion: .any)
    array.enableSignaling()
    one.signal()
    array.wait()
    other.setError(Errno(kernelValue: -5))
    other.signal()
    #expect(array.status() == .done)
    for fence in [array, one, other] { fence.put() }
  }

  @Test func `16 · an array tells whether all children are of one context`() throws {
    let (one, other) = (Plain.fence(context: 1), Plain.fence(context: 2))
    let (mixed, pure) = (try array([one, other]), try array([one]))
    #expect(FenceArray(mixed)?.isOf(context: 1) == false)
    #expect(FenceArray(pure)?.isOf(context: 1) == true)
    #expect(!mixed.isOf(context: 1) && pure.isOf(context: 1))
    #expect(one.isOf(context: 1) && !one.isOf(context: 2), "a plain fence is its own only child")
    #expect(FenceArray.children(of: mixed) == [one, other])
    #expect(FenceArray.children(of: other) == [other])
    #expect(FenceArray(one) == nil && mixed.isContainer && !one.isContainer)
    for fence in [mixed, pure, one, other] { fence.put() }
  }

  @Test func `16 · an array or a chain in an array is warned about`() throws {
    let fence = Plain.fence()
    let containers = [try array([fence]), try chain(nil, 1)]
    for container in containers {
      let log = WarningLog()
      let outer = log.collect { FenceArray.make([container], context: 1, seqno: 2) }
      #expect(log.messages.count == 1 && log.messages[0].contains("unwrap"))
      try #require(outer).fence.put()
    }
    fence.put()
  }

  @Test func `16 · an array of no fences is warned about`() throws {
    let log = WarningLog()
    let empty = try #require(log.collect { FenceArray.make([], context: 1, seqno: 1) })
    #expect(log.messages.count == 1)
    #expect(!empty.fence.isSignaled(), "there is no child to find signaled")
    empty.fence.enableSignaling()
    #expect(!empty.fence.testSignaledFlag(), "and none to wait for")
    #expect(empty.fence.isSignaled(), "an array that waits looks at the number of pending ones")
    empty.fence.put()
  }

  // MARK: - Chains

  @Test func `17 · a chain in a node is warned about`() throws {
    let inner = try chain(nil, 1)
    let log = WarningLog()
    let outer = try #require(try log.collect { try chain(nil, 1, inner) })
    #expect(log.messages.count == 1)
    #expect(FenceChain.contained(in: outer) == inner)
    outer.put()
  }

  @Test func `17 · a point that is not later begins a new timeline`() throws {
    let first = try chain(nil, 5)
    let later = try chain(first.get(), 6)
    let earlier = try chain(first.get(), 4)
    let onPlain = try chain(Plain.fence(), 3)
    #expect(later.context == first.context)
    #expect(FenceChain(later)?.previousSeqno == 5)
    #expect(earlier.context != first.context && earlier.seqno == 5)
    #expect(FenceChain(earlier)?.previousSeqno == 0)
    #expect(onPlain.seqno == 3)
    for fence in [later, earlier, onPlain, first] { fence.put() }
  }

  @Test func `17 · points: zero changes nothing, too high fails, collected is nil`() throws {
    let node = try chain(nil, 5)
    var fence: Fence? = node
    try FenceChain.find(seqno: 0, from: &fence)
    #expect(fence == node)
    #expect(throws: Errno.invalidArgument) { try FenceChain.find(seqno: 6, from: &fence) }
    #expect(fence == node)
    fence = Plain.fence()
    #expect(throws: Errno.invalidArgument) { try FenceChain.find(seqno: 1, from: &fence) }
    fence?.put()
    // The older node is signaled, so what point 5 stands for is over.
    FenceChain(node)?.contained.signal()
    fence = try chain(node, 9)
    try FenceChain.find(seqno: 5, from: &fence)
    #expect(fence == nil)
  }

  @Test func `17 · a walk unlinks what is signaled`() throws {
    let first = try chain(nil, 1)
    let second = try chain(first.get(), 2)
    let third = try chain(second.get(), 3)
    #expect(second.referenceCount == 2)
    FenceChain(second)?.contained.signal()
    let found = FenceChain.walk(third.get())
    #expect(found == first)
    #expect(second.referenceCount == 1)
    for fence in [found ?? first, first, second, third] { fence.put() }
  }

  @Test func `17 · a million nodes are released without a deep stack`() throws {
    var tail: Fence?
    let fence = Plain.fence()
    for number in 0..<1_000_000 {
      tail = FenceChain.make(previous: tail, fence: fence.get(), seqno: UInt64(number + 1))?.fence
    }
    let whole = try #require(tail)
    #expect(fence.referenceCount == 1_000_001)
    // On a thread with a stack of the usual size; a frame a node would need more than it has.
    KernelThread.start("release") { whole.put() }.join()
    #expect(fence.referenceCount == 1)
    fence.put()
  }

  @Test func `17 · a deadline goes through a chain to everything its nodes stand for`() throws {
    let seen = (0..<4).map { _ in Machine.permanent(Cell<UInt64>(0)) }
    let table = Machine.permanent(
      FenceOperations(
        driverName: { _ in "driver" }, timelineName: { _ in "line" },
        release: { $0.free() },
        setDeadline: { fence, deadline in seen[Int(fence.context)].record.value = deadline }))
    let fences = (0..<4).map { Fence.make(operations: table, context: $0, seqno: 1) }
    let oldest = try chain(nil, 1, fences[0].get())
    let older = try chain(oldest, 2, try array([fences[1], fences[2]]))
    let newest = try chain(older, 3, fences[3].get())
    // What is over is asked nothing any more.
    fences[1].signal()
    newest.setDeadline(50)
    let told = seen.map { $0.record.value }
    #expect(told == [50, 0, 50, 50])
    for fence in [newest] + fences { fence.put() }
  }

  // MARK: - Merging

  @Test func `18 · nothing pending merges to a stub with the latest timestamp`() throws {
    let (one, other) = (Plain.fence(context: 1), Plain.fence(context: 2))
    one.signal(at: 70)
    other.signal(at: 60)
    let merged = try #require(Fence.merge([one, other]))
    #expect(merged.context == FenceContext.stub && merged.isSignaled())
    #expect(merged.timestamp() == 70)
    for fence in [merged, one, other] { fence.put() }
  }

  @Test func `18 · one pending fence merges to itself, duplicates to the latest`() throws {
    let (old, new) = (Plain.fence(context: 1, seqno: 1), Plain.fence(context: 1, seqno: 2))
    let over = Plain.fence(context: 2)
    over.signal()
    for (fences, expected) in [([old, over], old), ([old, new, old], new)] {
      let merged = try #require(Fence.merge(fences))
      #expect(merged == expected)
      merged.put()
    }
    #expect([old, new, over].allSatisfy { $0.referenceCount == 1 })
    for fence in [old, new, over] { fence.put() }
  }

  private func array(
    _ fences: [Fence], completion: FenceArray.Completion = .all
  ) throws -> Fence {
    let array = FenceArray.make(
      fences.map { $0.get() }, context: 50, seqno: 1, completion: completion)
    return try #require(array).fence
  }

  /// A node over a fence of its own, or over `fence`; takes the references over.
  private func chain(_ previous: Fence?, _ seqno: UInt64, _ fence: Fence? = nil) throws -> Fence {
    let node = FenceChain.make(previous: previous, fence: fence ?? Plain.fence(), seqno: seqno)
    return try #require(node).fence
  }
}
