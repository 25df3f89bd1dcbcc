import Fences
import Glibc
import Kernel
import Machine
import SyncObjects
import Testing

struct SyncFileTests {
  @Test func `a file keeps its fence and gives it back`() throws {
    let fence = Plain.fence()
    let file = try #require(SyncFile.make(fence))
    #expect(file.fence == fence && fence.referenceCount == 2)
    file.get()
    file.put()
    #expect(fence.referenceCount == 2)
    file.put()
    #expect(fence.referenceCount == 1)
    fence.put()
  }

  @Test func `a name comes from the fence, until a merge gives one`() throws {
    let fence = Plain.fence(context: 7, seqno: 3)
    let file = try #require(SyncFile.make(fence))
    #expect(file.name == "plain-line7-3")
    fence.signal()
    // 31 bytes are kept of what the detached fence says.
    #expect(file.name == "detached-driver-signaled-timeli")
    let named = try #require(file.merge(with: file, name: "both"))
    #expect(named.name == "both")
    let unnamed = try #require(file.merge(with: file))
    #expect(unnamed.name == "detached-driver-signaled-timeli")
    let long = try #require(
      file.merge(with: file, name: String(repeating: "x", count: 30) + "\u{e9}"))
    #expect(long.name == String(repeating: "x", count: 30))
    for file in [file, named, unnamed, long] { file.put() }
    fence.put()
  }

  @Test func `a negative seqno is shown as one`() throws {
    let fence = Plain.fence(context: 1, seqno: .max)
    let file = try #require(SyncFile.make(fence))
    #expect(file.name == "plain-line1--1")
    file.put()
    fence.put()
  }

  @Test func `information counts what there is room for`() throws {
    let fences = (1...3).map { Plain.fence(context: $0) }
    var files = try fences.map { try #require(SyncFile.make($0)) }
    files.append(try #require(files[0].merge(with: files[1])))
    files.append(try #require(files[3].merge(with: files[2], name: "three")))
    let all = files[4]
    let counted = try all.information()
    #expect(counted.name == "three" && counted.status == .pending)
    #expect(counted.fenceCount == 3 && counted.fences.isEmpty)
    #expect(throws: Errno.invalidArgument) { try all.information(room: 2) }
    fences[1].setError(.cancelled)
    fences[1].signal(at: 70)
    let seen = try all.information(room: 5)
    #expect(seen.fenceCount == 3 && seen.fences.count == 3)
    #expect(seen.fences.map(\.driverName) == ["plain", "detached-driver", "plain"])
    #expect(seen.fences.map(\.timelineName) == ["line", "signaled-timeline", "line"])
    #expect(seen.fences.map(\.status) == [.pending, .failed(.cancelled), .pending])
    #expect(seen.fences.map(\.timestamp) == [0, 70, 0])
    // The first that is not done counts.
    #expect(seen.status == .pending)
    fences[0].signal()
    #expect(try all.information(room: 3).status == .failed(.cancelled))
    for file in files { file.put() }
    for fence in fences { fence.put() }
  }

  @Test func `with no room the status is the whole's`() throws {
    let fence = Plain.fence()
    let file = try #require(SyncFile.make(fence))
    #expect(try file.information().status == .pending)
    fence.setError(.inputOutput)
    fence.signal()
    #expect(try file.information().status == .failed(.inputOutput))
    #expect(try file.information(room: 1).status == .failed(.inputOutput))
    file.put()
    fence.put()
  }

  @Test func `the status is asked before the name is read`() throws {
    let operations = Machine.permanent(
      FenceOperations(
        driverName: { _ in "driver" }, timelineName: { _ in "line" }, isSignaled: { _ in true }))
    for room in 0...1 {
      let fence = Fence.make(operations: operations, context: 7, seqno: 3)
      let file = try #require(SyncFile.make(fence))
      // The question signals the fence, and a signaled fence has no names.
      let seen = try file.information(room: room)
      #expect(seen.status == .done)
      #expect(seen.name == "detached-driver-signaled-timeli")
      #expect(seen.fences.map(\.driverName) == (room == 0 ? [] : ["driver"]))
      file.put()
      fence.put()
    }
  }

  @Test func `merging drops what is signaled, with its error`() throws {
    let (done, pending) = (Plain.fence(context: 1), Plain.fence(context: 2))
    done.setError(.inputOutput)
    done.signal(at: 90)
    let files = try [done, pending].map { try #require(SyncFile.make($0)) }
    let merged = try #require(files[0].merge(with: files[1]))
    #expect(merged.fence == pending)
    pending.signal()
    let empty = try #require(files[0].merge(with: files[0]))
    let seen = try empty.information(room: 1)
    #expect(seen.status == .done && seen.fences[0].timestamp == 90)
    for file in files + [merged, empty] { file.put() }
    for fence in [done, pending] { fence.put() }
  }

  @Test func `a wait ends with the fence, with the time, or with a signal`() throws {
    let fence = Plain.fence()
    let file = try #require(SyncFile.make(fence))
    #expect(!file.poll())
    #expect(try !file.wait(timeout: .zero))
    #expect(try !file.wait(timeout: Jiffies(1)))
    KernelTask.current.sendSignal()
    #expect(throws: Errno.interrupted) { try file.wait() }
    let waiter = KernelThread.start("waiter") { Machine.expect((try? file.wait()) == true, "over") }
    fence.signal()
    waiter.join()
    // What is over is over, signal or not.
    #expect(try file.wait())
    KernelTask.current.clearSignal()
    file.put()
    fence.put()
  }

  @Test func `a file that was never polled puts nothing on its fence`() throws {
    let fence = Plain.fence()
    let file = try #require(SyncFile.make(fence))
    file.put()
    #expect(fence.referenceCount == 1)
    let polled = try #require(SyncFile.make(fence))
    #expect(!polled.poll())
    polled.put()
    // The callback went with the file.
    fence.signal()
    fence.put()
  }

  @Test func `a poll asks the driver and enables signaling`() throws {
    let asked = Machine.permanent(Word<UInt32>(0))
    let operations = Machine.permanent(
      FenceOperations(
        driverName: { _ in "asked" }, timelineName: { _ in "line" },
        enableSignaling: { _ in
          _ = asked.record.fetchAdd(1, .relaxed)
          return true
        },
        isSignaled: { _ in asked.record.fetchAdd(16, .relaxed) >= 32 }))
    let fence = Fence.make(operations: operations, context: 1, seqno: 1)
    let file = try #require(SyncFile.make(fence))
    #expect([file.poll(), file.poll(), file.poll()] == [false, false, true])
    #expect(asked.record.load(.relaxed) == 1 + 3 * 16)
    file.put()
    fence.put()
  }

  @Test func `a deadline reaches every fence of a merged file`() throws {
    let timelines = try (0..<2).map { _ in try #require(SoftwareTimeline.make("line")) }
    let files = try timelines.map { try $0.makeSyncFile(at: 1) }
    let merged = try #require(files[0].merge(with: files[1]))
    merged.setDeadline(500)
    for file in files { #expect(try SoftwareTimeline.deadline(of: file.fence) == 500) }
    for file in files + [merged] { file.put() }
    for timeline in timelines { timeline.close() }
  }
}

/// What an event loop sees.
struct DescriptorTests {
  /// What `poll(2)` says of a descriptor.
  private func isReadable(_ descriptor: Int32, milliseconds: Int32 = 0) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) == 1 && entry.revents & Int16(POLLIN) != 0
  }

  @Test func `a descriptor becomes readable with the fence and stays so`() throws {
    let fence = Plain.fence()
    let file = try #require(SyncFile.make(fence))
    let descriptor = try file.descriptor()
    #expect(try file.descriptor() == descriptor)
    #expect(!isReadable(descriptor))
    fence.signal()
    #expect(isReadable(descriptor) && isReadable(descriptor))
    file.put()
    #expect(fcntl(descriptor, F_GETFD) == -1)
    fence.put()
  }

  @Test func `a descriptor that comes late is readable at once`() throws {
    for isPolledBefore in [false, true] {
      let fence = Plain.fence()
      let file = try #require(SyncFile.make(fence))
      if isPolledBefore { #expect(!file.poll()) }
      fence.signal()
      #expect(isReadable(try file.descriptor()))
      file.put()
      fence.put()
    }
  }

  @Test func `an event loop on another thread wakes with the fence`() throws {
    let fence = Plain.fence()
    let file = try #require(SyncFile.make(fence))
    let descriptor = try file.descriptor()
    let loop = KernelThread.start("event loop") {
      Machine.expect(isReadable(descriptor, milliseconds: -1), "the descriptor is readable")
    }
    fence.signal()
    loop.join()
    file.put()
    fence.put()
  }

  @Test func `a point's event reaches a descriptor of the caller's`() throws {
    let event = try NativeEvent.make().get()
    let counter = try EventCounter.make(raising: event.descriptor)
    let object = try #require(SyncObject.make())
    try object.addEvent(counter)
    counter.put()
    #expect(!isReadable(event.descriptor))
    #expect(object.signal())
    #expect(isReadable(event.descriptor))
    object.put()
    event.close()
  }

  @Test func `only an open eventfd can be raised`() throws {
    let refusals: [(Int32, Errno)] = [(-1, .badDescriptor), (2, .invalidArgument)]
    for (descriptor, errno) in refusals {
      #expect(throws: DescriptorError.refused(errno)) {
        try EventCounter.make(raising: descriptor)
      }
    }
    #expect("\(DescriptorError.refused(.invalidArgument))".contains("pass one that eventfd()"))
  }
}
