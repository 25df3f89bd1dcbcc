import Fences
import Kernel
import Machine
import SyncObjects
import Testing

/// Every errno that a process can get for its sync objects.
struct SyncObjectHandleTests {
  private let handles = SyncObjectHandles.make()
  private let files = FileDescriptors.make()

  private func end() {
    handles.destroy()
    files.destroy()
  }

  // MARK: - Making

  @Test func `handles begin at 1 and the lowest free one is given out`() throws {
    #expect(try (0..<10).map { _ in try handles.create() } == Array(1...10))
    try handles.destroy(4)
    #expect(try handles.create(flags: 1) == 4)
    #expect(handles.object(0) == nil && handles.object(11) == nil)
    end()
  }

  @Test func `creating and destroying check what they are given`() throws {
    #expect(throws: Errno.invalidArgument) { try handles.create(flags: 2) }
    let handle = try handles.create()
    #expect(throws: Errno.invalidArgument) { try handles.destroy(handle, pad: 1) }
    for unknown in [0, 2, .max] as [UInt32] {
      #expect(throws: Errno.invalidArgument) { try handles.destroy(unknown) }
    }
    try handles.destroy(handle)
    #expect(throws: Errno.invalidArgument) { try handles.destroy(handle) }
    end()
  }

  @Test func `a driver without the feature supports none of it`() throws {
    let none = SyncObjectHandles.make(features: [])
    let binary = SyncObjectHandles.make(features: [.objects])
    #expect(throws: Errno.notSupported) { try none.create() }
    #expect(throws: Errno.notSupported) { try none.destroy(1) }
    #expect(throws: Errno.notSupported) { try none.reset([1]) }
    #expect(throws: Errno.notSupported) { try none.signal([1]) }
    #expect(throws: Errno.notSupported) { try none.wait(for: [], until: 0) }
    #expect(throws: Errno.notSupported) { try none.export(1, to: files) }
    #expect(throws: Errno.notSupported) { try none.import(0, from: files) }
    let handle = try binary.create(flags: 1)
    #expect(throws: Errno.notSupported) { try binary.query([handle]) }
    #expect(throws: Errno.notSupported) { try binary.signalTimeline([handle], points: nil) }
    #expect(throws: Errno.notSupported) { try binary.transfer(from: (handle, 0), to: (handle, 0)) }
    #expect(throws: Errno.notSupported) {
      try binary.waitTimeline(for: [handle], points: nil, until: 0)
    }
    #expect(throws: Errno.notSupported) { try binary.addEvent(0, in: files, to: handle, at: 0) }
    // Which fence becomes a file is no matter of the feature: a binary object has none at a point.
    #expect(throws: Errno.invalidArgument) {
      try binary.export(handle, to: files, flags: [.syncFile, .timeline], point: 1)
    }
    none.destroy()
    binary.destroy()
    end()
  }

  // MARK: - Signaling

  @Test func `signaling, resetting and asking check what they are given`() throws {
    let handle = try handles.create()
    #expect(throws: Errno.invalidArgument) { try handles.reset([]) }
    #expect(throws: Errno.invalidArgument) { try handles.reset([handle], pad: 1) }
    #expect(throws: Errno.invalidArgument) { try handles.signal([]) }
    #expect(throws: Errno.invalidArgument) { try handles.signal([handle], pad: 1) }
    #expect(throws: Errno.invalidArgument) { try handles.signalTimeline([], points: []) }
    #expect(throws: Errno.invalidArgument) {
      try handles.signalTimeline([handle], points: [1], flags: 1)
    }
    #expect(throws: Errno.invalidArgument) { try handles.query([]) }
    #expect(throws: Errno.invalidArgument) { try handles.query([handle], flags: 2) }
    #expect(throws: Errno.noEntry) { try handles.reset([handle, 9]) }
    #expect(throws: Errno.noEntry) { try handles.signal([handle, 9]) }
    #expect(throws: Errno.noEntry) { try handles.signalTimeline([handle, 9], points: [1, 1]) }
    #expect(throws: Errno.noEntry) { try handles.query([handle, 9]) }
    #expect(throws: Errno.badAddress) { try handles.signalTimeline([handle], points: []) }
    // Nothing has changed.
    #expect(throws: Errno.invalidArgument) { try handles.wait(for: [handle], until: 0) }
    end()
  }

  @Test func `signal and reset work on all that are named`() throws {
    let two = [try handles.create(), try handles.create()]
    try handles.signal(two)
    #expect(try handles.wait(for: two, until: 0, flags: .all) == 0)
    try handles.reset([two[0]])
    #expect(throws: Errno.invalidArgument) { try handles.wait(for: two, until: 0) }
    #expect(try handles.wait(for: two, until: 0, flags: .forSubmit) == 1)
    end()
  }

  @Test func `timelines are signaled at points and asked for them`() throws {
    let two = [try handles.create(), try handles.create()]
    #expect(try handles.query(two) == [0, 0])
    try handles.signalTimeline(two, points: [3, 8])
    #expect(try handles.query(two) == [3, 8])
    let object = try #require(handles.object(two[0]))
    let fence = try object.submit(5)
    #expect(try handles.query(two) == [3, 8])
    #expect(try handles.query(two, flags: 1) == [5, 8])
    try handles.signalTimeline([two[1]], points: nil)
    // Point 0 comes after 8, so it begins a new timeline, no lower.
    #expect(try handles.query(two, flags: 1) == [5, 8])
    fence.signal()
    #expect(try handles.query(two) == [5, 8])
    object.put()
    fence.put()
    end()
  }

  // MARK: - Waiting

  @Test func `waits know their flags`() throws {
    let handle = try handles.create(flags: 1)
    for bits in [0, 1, 2, 3, 8, 11] as [UInt32] {
      let flags = SyncObjectWaitFlags(rawValue: bits)
      #expect(try handles.wait(for: [handle], until: 0, flags: flags) == 0)
    }
    for bits in [4, 16, 5, 0x8000_0000] as [UInt32] {
      let flags = SyncObjectWaitFlags(rawValue: bits)
      #expect(throws: Errno.invalidArgument) {
        try handles.wait(for: [handle], until: 0, flags: flags)
      }
      // Also without any handle, which is how a process finds out.
      #expect(throws: Errno.invalidArgument) { try handles.wait(for: [], until: 0, flags: flags) }
    }
    for bits in [4, 15] as [UInt32] {
      let flags = SyncObjectWaitFlags(rawValue: bits)
      #expect(
        try handles.waitTimeline(for: [handle], points: nil, until: 0, flags: flags) == 0)
    }
    #expect(throws: Errno.invalidArgument) {
      try handles.waitTimeline(
        for: [handle], points: nil, until: 0, flags: SyncObjectWaitFlags(rawValue: 16))
    }
    end()
  }

  @Test func `a wait for nothing returns at once`() throws {
    #expect(try handles.wait(for: [], until: .max, flags: .all) == .max)
    #expect(try handles.waitTimeline(for: [], points: nil, until: .max) == .max)
    end()
  }

  @Test func `waits check handles, points and fences`() throws {
    let handle = try handles.create()
    #expect(throws: Errno.noEntry) { try handles.wait(for: [handle, 9], until: 0) }
    #expect(throws: Errno.noEntry) {
      try handles.waitTimeline(for: [9], points: [1], until: 0)
    }
    #expect(throws: Errno.badAddress) {
      try handles.waitTimeline(for: [handle], points: [], until: 0)
    }
    #expect(throws: Errno.invalidArgument) {
      try handles.waitTimeline(for: [handle], points: [1], until: .max)
    }
    for flags in [.forSubmit, .available] as [SyncObjectWaitFlags] {
      #expect(throws: Errno.timeExpired) {
        try handles.waitTimeline(for: [handle], points: [1], until: 1, flags: flags)
      }
    }
    try handles.signalTimeline([handle], points: [4])
    #expect(try handles.waitTimeline(for: [handle], points: [4], until: 0) == 0)
    #expect(throws: Errno.invalidArgument) {
      try handles.waitTimeline(for: [handle], points: [5], until: 0)
    }
    end()
  }

  @Test func `where all are over only late, there is no first one`() throws {
    let two = [try handles.create(), try handles.create()]
    let waiter = KernelThread.start("waiter") {
      let first = try? handles.wait(for: two, until: .max, flags: [.forSubmit, .all])
      Machine.expect(first == .max || first == 0, "no index, or that of the start")
    }
    try handles.signal(two)
    waiter.join()
    end()
  }

  @Test func `a deadline counts with its flag`() throws {
    let timeline = try #require(SoftwareTimeline.make("line"))
    let fence = try timeline.makeFence(at: 1)
    let handle = try handles.create()
    let object = try #require(handles.object(handle))
    object.replaceFence(with: fence)
    #expect(throws: Errno.timeExpired) {
      try handles.wait(for: [handle], until: 0, deadline: 70)
    }
    #expect(throws: Errno.noEntry) { try SoftwareTimeline.deadline(of: fence) }
    #expect(throws: Errno.timeExpired) {
      try handles.wait(for: [handle], until: 0, flags: .deadline, deadline: 70)
    }
    #expect(try SoftwareTimeline.deadline(of: fence) == 70)
    object.put()
    fence.put()
    timeline.close()
    end()
  }

  @Test func `moments become ticks, one too many`() {
    let millisecond = Int64(Jiffies.nanosecondsPerJiffy)
    let expected: [(Int64, Jiffies)] = [
      (0, .zero), (-5, .zero), (.min, .zero), (999, .zero), (1_000, .zero), (1_001, Jiffies(1)),
      (1_000 + millisecond, Jiffies(2)), (1_000 + 5 * millisecond - 1, Jiffies(5)),
    ]
    for (moment, ticks) in expected {
      #expect(Jiffies.untilAbsolute(moment, now: 1_000) == ticks, "\(moment)")
    }
    let longest = Jiffies.untilAbsolute(.max, now: 0)
    #expect(longest == Jiffies(Int(Int64.max / millisecond) + 1))
    #expect(longest < Jiffies.max)
  }

  @Test func `a driver finds the fence that a job depends on`() throws {
    let handle = try handles.create()
    #expect(throws: Errno.noEntry) { try handles.findFence(9) }
    #expect(throws: Errno.invalidArgument) { try handles.findFence(handle) }
    #expect(throws: Errno.invalidArgument) { try handles.findFence(handle, at: 0, .all) }
    let object = try #require(handles.object(handle))
    let fences = try [2, 5].map { try object.submit($0) }
    for (point, expected) in [(1, 2), (2, 2), (3, 5), (0, 5)] as [(UInt64, UInt64)] {
      let found = try handles.findFence(handle, at: point)
      #expect(found.seqno == expected, "point \(point)")
      found.put()
    }
    #expect(throws: Errno.invalidArgument) { try handles.findFence(handle, at: 6) }
    for fence in fences { fence.signal() }
    let over = try handles.findFence(handle, at: 2)
    #expect(over.isSignaled())
    for fence in fences + [over] { fence.put() }
    object.put()
    end()
  }

  // MARK: - Transfer

  @Test func `transfers check what they are given`() throws {
    let (source, target) = (try handles.create(), try handles.create())
    let cases: [(Errno, (UInt32, UInt64), (UInt32, UInt64), UInt32, UInt32)] = [
      (.invalidArgument, (source, 0), (target, 0), 0, 1),
      (.noEntry, (source, 0), (9, 0), 0, 0),
      (.noEntry, (9, 0), (target, 0), 0, 0),
      (.noEntry, (9, 0), (target, 5), 0, 0),
      // The target is looked up first, the flags come before the source.
      (.noEntry, (9, 0), (9, 0), 1, 0),
      (.invalidArgument, (9, 0), (target, 0), 1, 0),
      (.invalidArgument, (source, 0), (target, 0), 4, 0),
      (.invalidArgument, (source, 0), (target, 0), 0, 0),
      (.invalidArgument, (source, 3), (target, 3), 0, 0),
    ]
    for (errno, from, to, flags, pad) in cases {
      #expect(throws: errno) {
        try handles.transfer(
          from: from, to: to, flags: SyncObjectWaitFlags(rawValue: flags), pad: pad)
      }
    }
    end()
  }

  @Test func `a fence goes from binary to timeline and back`() throws {
    let (binary, line) = (try handles.create(), try handles.create())
    let object = try #require(handles.object(binary))
    let fence = Plain.fence()
    object.replaceFence(with: fence)
    try handles.transfer(from: (binary, 0), to: (line, 3))
    #expect(try handles.query([binary, line], flags: 1) == [0, 3])
    object.reset()
    try handles.transfer(from: (line, 2), to: (binary, 0))
    let moved = try #require(object.fence())
    // What stands for the point is the chain's node.
    #expect(FenceChain.contained(in: moved) == fence)
    fence.signal()
    #expect(try handles.wait(for: [binary, line], until: 0, flags: .all) == 0)
    moved.put()
    object.put()
    fence.put()
    end()
  }

  @Test func `what is over becomes a stub on the timeline`() throws {
    let (source, target) = (try handles.create(flags: 1), try handles.create())
    try handles.transfer(from: (source, 0), to: (target, 7))
    #expect(try handles.query([target]) == [7])
    end()
  }

  @Test func `a transfer can wait for the submission`() throws {
    let (source, target) = (try handles.create(), try handles.create())
    let mover = KernelThread.start("mover") {
      try? handles.transfer(from: (source, 4), to: (target, 1), flags: .forSubmit)
    }
    try handles.signalTimeline([source], points: [4])
    mover.join()
    #expect(try handles.query([target]) == [1])
    end()
  }

  // MARK: - Descriptors

  @Test func `an object is shared through a descriptor`() throws {
    let handle = try handles.create()
    let descriptor = try handles.export(handle, to: files)
    let other = SyncObjectHandles.make()
    let copies = try (0..<2).map { _ in try other.import(descriptor, from: files) }
    #expect(copies == [1, 2])
    try handles.signal([handle])
    #expect(try other.wait(for: copies, until: 0, flags: .all) == 0)
    try handles.destroy(handle)
    try files.close(descriptor)
    try other.reset([1])
    #expect(throws: Errno.invalidArgument) { try other.wait(for: [2], until: 0) }
    other.destroy()
    end()
  }

  @Test func `exports check what they are given`() throws {
    let handle = try handles.create()
    let cases: [(Errno, UInt32, UInt32, UInt64, UInt32)] = [
      (.invalidArgument, handle, 4, 0, 0),
      (.invalidArgument, handle, 0, 0, 1),
      (.invalidArgument, handle, 2, 1, 0),
      // The object itself has no points, whatever the flag for them says.
      (.invalidArgument, handle, 0, 7, 0),
      (.invalidArgument, 9, 0, 0, 0),
      (.noEntry, 9, 1, 0, 0),
      (.invalidArgument, handle, 1, 0, 0),
      (.invalidArgument, handle, 3, 1, 0),
    ]
    for (errno, handle, flags, point, pad) in cases {
      #expect(throws: errno) {
        try handles.export(
          handle, to: files, flags: SyncObjectSharingFlags(rawValue: flags), point: point, pad: pad)
      }
    }
    // Without a point the flag for one does nothing.
    _ = try handles.export(handle, to: files, flags: .timeline)
    end()
  }

  @Test func `a full table of descriptors comes before an unknown handle`() throws {
    let few = FileDescriptors.make(limit: 1)
    let handle = try handles.create()
    for wrong in [9, handle] {
      let errno: Errno = wrong == 9 ? .noEntry : .invalidArgument
      #expect(throws: errno) { try handles.export(wrong, to: few, flags: .syncFile) }
    }
    let number = try few.openEventCounter()
    #expect(number == 0, "no failure keeps a number")
    for wrong in [9, handle] {
      #expect(throws: Errno.tooManyDescriptors) {
        try handles.export(wrong, to: few, flags: .syncFile)
      }
    }
    // An object itself is looked up before it becomes a file.
    #expect(throws: Errno.invalidArgument) { try handles.export(9, to: few) }
    #expect(throws: Errno.tooManyDescriptors) { try handles.export(handle, to: few) }
    few.destroy()
    end()
  }

  @Test func `a sync file is the fence at its point, as it was`() throws {
    let handle = try handles.create()
    let object = try #require(handles.object(handle))
    let fences = try (1...2).map { try object.submit($0, context: $0) }
    let newest = try handles.export(handle, to: files, flags: .syncFile, point: 1)
    let first = try handles.export(handle, to: files, flags: [.syncFile, .timeline], point: 1)
    object.reset()
    fences[0].signal()
    #expect(try files.poll(first, milliseconds: -1))
    #expect(try !files.poll(newest, milliseconds: 0))
    fences[1].signal()
    #expect(try files.poll(newest, milliseconds: -1))
    object.put()
    for fence in fences { fence.put() }
    end()
  }

  @Test func `a sync file goes into an object, or to a point`() throws {
    let timeline = try files.openTimeline("line")
    let file = try files.createFence(on: timeline, at: 1)
    let (binary, line) = (try handles.create(), try handles.create())
    #expect(try handles.import(file, from: files, flags: .syncFile, into: binary) == binary)
    try handles.import(file, from: files, flags: [.syncFile, .timeline], into: line, point: 6)
    #expect(try handles.query([binary, line], flags: 1) == [0, 6])
    // Without the flag the point does not count.
    try handles.import(file, from: files, flags: .syncFile, into: line, point: 9)
    #expect(try handles.query([line], flags: 1) == [0])
    #expect(throws: Errno.timeExpired) { try handles.wait(for: [binary], until: 0) }
    try files.increment(timeline, by: 1)
    #expect(try handles.wait(for: [binary, line], until: 0, flags: .all) == 0)
    end()
  }

  @Test func `imports check what they are given`() throws {
    let timeline = try files.openTimeline("line")
    let file = try files.createFence(on: timeline, at: 1)
    let handle = try handles.create()
    let object = try handles.export(handle, to: files)
    let cases: [(Errno, Int32, UInt32, UInt32, UInt64, UInt32)] = [
      (.invalidArgument, object, 4, handle, 0, 0),
      (.invalidArgument, object, 0, handle, 0, 1),
      (.invalidArgument, object, 2, handle, 1, 0),
      (.invalidArgument, object, 0, handle, 7, 0),
      (.invalidArgument, file, 0, handle, 0, 0),
      (.invalidArgument, -1, 0, handle, 0, 0),
      (.invalidArgument, object, 1, handle, 0, 0),
      (.invalidArgument, timeline, 1, handle, 0, 0),
      (.invalidArgument, 99, 1, handle, 0, 0),
      (.noEntry, file, 1, 9, 0, 0),
      (.noEntry, file, 3, 9, 2, 0),
    ]
    for (errno, descriptor, flags, handle, point, pad) in cases {
      #expect(throws: errno) {
        try handles.import(
          descriptor, from: files, flags: SyncObjectSharingFlags(rawValue: flags), into: handle,
          point: point, pad: pad)
      }
    }
    let again = try handles.import(object, from: files, flags: .timeline)
    #expect(again != handle, "the flag for points does nothing without one")
    end()
  }

  @Test func `events check what they are given`() throws {
    let handle = try handles.create()
    let counter = try files.openEventCounter()
    let timeline = try files.openTimeline("line")
    let cases: [(Errno, Int32, UInt32, UInt32, UInt32)] = [
      (.invalidArgument, counter, handle, 2, 0),
      (.invalidArgument, counter, handle, 0, 1),
      (.noEntry, counter, 9, 0, 0),
      // The handle is looked up first.
      (.noEntry, -1, 9, 0, 0),
      (.badDescriptor, -1, handle, 0, 0),
      (.invalidArgument, timeline, handle, 0, 0),
    ]
    for (errno, descriptor, handle, flags, pad) in cases {
      #expect(throws: errno) {
        try handles.addEvent(
          descriptor, in: files, to: handle, at: 0, flags: SyncObjectWaitFlags(rawValue: flags),
          pad: pad)
      }
    }
    try handles.addEvent(counter, in: files, to: handle, at: 3)
    try handles.addEvent(counter, in: files, to: handle, at: 3, flags: .available)
    try handles.signalTimeline([handle], points: [3])
    let event = try files.eventCounter(counter)
    #expect(event.count == 2)
    event.put()
    end()
  }
}
