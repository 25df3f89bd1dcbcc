import Fences
import Kernel
import Machine
import SyncObjects
import Testing

struct SoftwareTimelineTests {
  @Test func `a point is over when the timeline has come that far`() throws {
    let timeline = try #require(SoftwareTimeline.make("by hand"))
    let fences = try [3, 1, 2].map { try timeline.makeFence(at: $0) }
    #expect(fences.map(\.seqno) == [3, 1, 2])
    timeline.increment()
    #expect(fences.map { $0.testSignaledFlag() } == [false, true, false])
    timeline.increment(by: 2)
    #expect(fences.map { $0.testSignaledFlag() } == [true, true, true])
    #expect(timeline.value == 3)
    #expect(fences[0].driverName == "sw_sync" && fences[0].timelineName == "by hand")
    for fence in fences { fence.put() }
    timeline.close()
  }

  @Test func `points are signaled in their order`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    let log = Guarded<[UInt64]>([])
    var callbacks: [Object<FenceCallback>] = []
    let fences = try [2, 5, 1, 4, 3].map { try timeline.makeFence(at: $0) }
    for fence in fences {
      let callback = Machine.allocate(FenceCallback())
      try fence.addCallback(callback) { fence, _ in log.withLock { $0.append(fence.seqno) } }
      callbacks.append(callback)
    }
    timeline.increment(by: 9)
    #expect(log.withLock { $0 } == [1, 2, 3, 4, 5])
    for callback in callbacks { Machine.free(callback) }
    for fence in fences { fence.put() }
    timeline.close()
  }

  @Test func `a point that is passed already is over from the start`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    timeline.increment(by: 4)
    for (value, isOver) in [(0, true), (4, true), (5, false)] as [(UInt32, Bool)] {
      let fence = try timeline.makeFence(at: value)
      #expect(fence.testSignaledFlag() == isOver)
      fence.put()
    }
    timeline.close()
  }

  @Test func `23 · equal points share one fence while it lives`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    let one = try timeline.makeFence(at: 2)
    let other = try timeline.makeFence(at: 2)
    #expect(one == other && one.referenceCount == 2)
    one.put()
    other.put()
    let later = try timeline.makeFence(at: 2)
    #expect(later.referenceCount == 1)
    timeline.increment(by: 2)
    // Signaled points are shared by nobody.
    let over = try timeline.makeFence(at: 2)
    #expect(over != later && over.testSignaledFlag())
    later.put()
    over.put()
    timeline.close()
  }

  @Test func `the timeline wraps`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    timeline.increment(by: 0xffff_fffe)
    #expect(timeline.value == 0xffff_fffe)
    let fences = try [0xffff_ffff, 1].map { try timeline.makeFence(at: $0) }
    #expect(fences.map { $0.isSignaled() } == [false, false])
    timeline.increment()
    #expect(fences.map { $0.isSignaled() } == [true, false])
    timeline.increment(by: 2)
    #expect(fences.map { $0.isSignaled() } == [true, true])
    #expect(timeline.value == 1)
    for fence in fences { fence.put() }
    timeline.close()
  }

  @Test func `a step over more than half the range passes every point in between`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    // In one step the point would lie behind by the signed distance, and stay pending.
    let fence = try timeline.makeFence(at: 5)
    timeline.increment(by: 0x8000_0010)
    #expect(fence.testSignaledFlag())
    #expect(timeline.value == 0x8000_0010)
    fence.put()
    timeline.close()
  }

  @Test func `23 · closing fails what is pending, in order`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    let fences = try [2, 1, 3].map { try timeline.makeFence(at: $0) }
    timeline.increment()
    timeline.close()
    #expect(fences.map { $0.status() } == [.failed(.noEntry), .done, .failed(.noEntry)])
    // The fences keep the timeline and its lock.
    #expect(fences[0].timelineName == "line")
    for fence in fences { fence.put() }
  }

  @Test func `a callback may give the last reference back`() throws {
    for closes in [false, true] {
      let timeline = try #require(SoftwareTimeline.make("line"))
      let fence = try timeline.makeFence(at: 1)
      let callback = Machine.allocate(FenceCallback())
      // The lock is held here, and the end of a point takes it.
      try fence.addCallback(callback) { fence, _ in fence.put() }
      if closes { timeline.close() } else { timeline.increment() }
      if !closes { timeline.close() }
      Machine.free(callback)
    }
  }

  @Test func `the earliest deadline is kept`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    let fence = try timeline.makeFence(at: 1)
    #expect(throws: Errno.noEntry) { try SoftwareTimeline.deadline(of: fence) }
    for (deadline, earliest) in [(70, 70), (90, 70), (30, 30)] as [(UInt64, UInt64)] {
      fence.setDeadline(deadline)
      #expect(try SoftwareTimeline.deadline(of: fence) == earliest)
    }
    let other = Plain.fence()
    #expect(throws: Errno.invalidArgument) { try SoftwareTimeline.deadline(of: other) }
    // What is over has no use for a deadline, and keeps what it had.
    timeline.increment()
    fence.setDeadline(10)
    #expect(try SoftwareTimeline.deadline(of: fence) == 30)
    fence.put()
    other.put()
    timeline.close()
  }

  @Test func `31 bytes are kept of a name`() throws {
    let timeline = try #require(SoftwareTimeline.make(String(repeating: "n", count: 40)))
    #expect(timeline.name == String(repeating: "n", count: 31))
    timeline.close()
  }
}
