import Explorer
import Fences
import Kernel
import Machine
import SyncObjects
import Testing

/// What several threads do to files, objects and timelines, in every interleaving.
@Suite(.serialized)
struct SyncModelTests {
  private func pass(_ name: String, _ scenario: @escaping @Sendable (Lab) -> Void) {
    let report = explore(name, scenario)
    print("\(name): \(report.executions) executions")
    #expect(report.verdict == .passed, "\(report.failure?.message ?? "\(report)")")
    #expect(report.executions >= 2)
  }

  // MARK: - Files

  @Test func `a wait for a file misses no signal`() {
    pass("file against signal") { lab in
      let data = lab.allocate(Cell<UInt32>(0))
      let fence = Plain.fence()
      let file = SyncFile.make(fence)
      lab.thread("signaler", cpu: 0) {
        data.record.value = 1
        fence.signal()
        fence.put()
      }
      lab.thread("waiter", cpu: 1) {
        guard let file else { return }
        lab.expect((try? file.wait()) == true, "the fence is signaled")
        lab.expect(data.record.value == 1, "what was written before is there")
        file.put()
      }
      lab.finally { lab.free(data) }
    }
  }

  @Test func `a file may end while its fence is signaled`() {
    pass("end against signal") { lab in
      let fence = Plain.fence()
      let file = SyncFile.make(fence)
      _ = file?.poll()
      lab.thread("signaler", cpu: 0) {
        fence.signal()
        fence.put()
      }
      lab.thread("owner", cpu: 1) { file?.put() }
    }
  }

  // MARK: - Timelines

  @Test func `equal points are shared or made anew while one ends`() {
    pass("share against put") { lab in
      guard let timeline = SoftwareTimeline.make("line") else { return }
      let first = try? timeline.makeFence(at: 1)
      lab.thread("owner", cpu: 0) { first?.put() }
      lab.thread("maker", cpu: 1) {
        guard let fence = try? timeline.makeFence(at: 1) else { return }
        lab.expect(!fence.isSignaled(), "nobody moved the timeline on")
        fence.put()
      }
      lab.finally { timeline.close() }
    }
  }

  @Test func `a point may end while the timeline comes to it, or ends`() {
    for closes in [false, true] {
      pass(closes ? "close against put" : "increment against put") { lab in
        guard let timeline = SoftwareTimeline.make("line") else { return }
        let fence = try? timeline.makeFence(at: 1)
        lab.thread("owner", cpu: 0) { fence?.put() }
        lab.thread("timeline", cpu: 1) {
          if closes { timeline.close() } else { timeline.increment() }
        }
        lab.finally { if !closes { timeline.close() } }
      }
    }
  }

  @Test func `who asks for a point signals it before the timeline does, or after`() {
    pass("ask against increment") { lab in
      guard let timeline = SoftwareTimeline.make("line") else { return }
      let fence = try? timeline.makeFence(at: 1)
      lab.thread("timeline", cpu: 0) { timeline.increment() }
      lab.thread("asker", cpu: 1) {
        guard let fence else { return }
        let isOver = fence.isSignaled()
        lab.outcome(isOver ? "over" : "pending")
        fence.put()
      }
      lab.finally { timeline.close() }
    }
  }

  // MARK: - Objects

  @Test func `a reader gets the old fence, the new one, or none, whole`() {
    pass("fence against replace") { lab in
      let fences = [Plain.fence(context: 1), Plain.fence(context: 2)]
      guard let object = SyncObject.make(fence: fences[0]) else {
        for fence in fences { fence.put() }
        return
      }
      lab.thread("writer", cpu: 0) {
        object.replaceFence(with: fences[1])
        object.reset()
      }
      lab.thread("reader", cpu: 1) {
        let fence = object.fence()
        lab.expect(fence == nil || fences.contains { $0 == fence }, "it is one of the two")
        fence?.put()
      }
      lab.finally {
        object.put()
        for fence in fences { fence.put() }
      }
    }
  }

  @Test func `a wait for a submission misses neither the fence nor its signal`() {
    pass("submit against wait") { lab in
      let fence = Plain.fence()
      guard let object = SyncObject.make() else { return fence.put() }
      lab.thread("submitter", cpu: 0) {
        object.replaceFence(with: fence)
        fence.signal()
        fence.put()
      }
      lab.thread("waiter", cpu: 1) {
        let failure = outcome { () throws(Errno) in
          let index = try SyncObject.wait(for: [(object, 0)], .forSubmit, timeout: .max)
          lab.expect(index == 0, "the object is over")
        }
        lab.expect(failure == nil || failure == .noMemory, "nothing else ends the wait")
      }
      lab.finally { object.put() }
    }
  }

  @Test func `a search for a fence that is submitted meanwhile finds it, or its time runs out`() {
    pass("submit against find") { lab in
      let fence = Plain.fence()
      guard let object = SyncObject.make() else { return fence.put() }
      lab.thread("submitter", cpu: 0) { object.replaceFence(with: fence) }
      lab.thread("finder", cpu: 1) {
        do throws(Errno) {
          let found = try object.findFence(at: 0, .forSubmit)
          lab.expect(found == fence, "the fence is the submitted one")
          found.put()
        } catch {
          lab.expect(error == .timeExpired, "or the five seconds are over")
        }
      }
      lab.finally {
        object.put()
        fence.put()
      }
    }
  }

  @Test func `an event happens once, whoever is first`() {
    pass("event against signal") { lab in
      let fence = Plain.fence()
      let (object, counter) = (SyncObject.make(), EventCounter.make())
      guard let object, let counter else {
        object?.put()
        counter?.put()
        return fence.put()
      }
      lab.thread("submitter", cpu: 0) {
        object.replaceFence(with: fence)
        fence.signal()
        fence.put()
      }
      lab.thread("listener", cpu: 1) {
        let wasAdded = outcome { () throws(Errno) in try object.addEvent(counter) } == nil
        if wasAdded { lab.expect((try? counter.read()) == 1, "the event happens") }
      }
      lab.finally {
        object.put()
        counter.put()
      }
    }
  }

  @Test func `two points that are added at once are both on the timeline`() {
    pass("point against point") { lab in
      guard let object = SyncObject.make() else { return }
      for number in 0...1 {
        lab.thread("adder \(number)", cpu: number) {
          guard let chain = FenceChain.allocate() else { return }
          let stub = Fence.stub()
          object.addPoint(UInt64(number + 1), stub, in: chain)
          stub.put()
        }
      }
      lab.finally {
        let point = object.lastSignaledPoint()
        lab.expect(point <= 2, "no other point is there")
        lab.outcome("\(point)")
        object.put()
      }
    }
  }

  @Test func `a search for a fence that nobody submits ends`() {
    let report = explore("nobody submits") { lab in
      guard let object = SyncObject.make() else { return }
      lab.thread("finder", cpu: 0) {
        let failure = outcome { () throws(Errno) in try object.findFence(at: 0, .forSubmit).put() }
        lab.expect(failure == .timeExpired, "the five seconds are over")
      }
      lab.finally { object.put() }
    }
    #expect(report.verdict == .passed, "\(report.failure?.message ?? "\(report)")")
  }

  @Test func `a conducted run has no descriptors of the system, and says what to do`() {
    let report = explore("descriptor") { lab in
      let fence = Plain.fence()
      guard let file = SyncFile.make(fence) else { return fence.put() }
      lab.thread("caller", cpu: 0) {
        do throws(DescriptorError) {
          _ = try file.descriptor()
          lab.expect(false, "there is none")
        } catch {
          lab.expect("\(error)".contains("wait with wait(timeout:)"), "there is a repair")
        }
        do throws(DescriptorError) {
          try EventCounter.make(raising: 0).put()
          lab.expect(false, "there is none")
        } catch {
          lab.expect("\(error)".contains("wait with read()"), "there is a repair")
        }
      }
      lab.finally {
        file.put()
        fence.put()
      }
    }
    #expect(report.verdict == .passed, "\(report.failure?.message ?? "\(report)")")
  }

  // MARK: - Tables

  @Test func `a number is taken before its file is there, and a failure gives it back`() {
    pass("open against close") { lab in
      let files = FileDescriptors.make(limit: 1)
      lab.thread("opener", cpu: 0) {
        var number: Int32?
        let failure = outcome { () throws(Errno) in number = try files.openTimeline("line") }
        if failure == nil { return lab.expect(number == 0, "the lowest number") }
        lab.expect(failure == .noMemory, "nothing else can fail")
        let again = outcome { () throws(Errno) in number = try files.openEventCounter() }
        lab.expect(again == nil || again == .noMemory, "the number is free")
      }
      lab.thread("closer", cpu: 1) {
        let failure = outcome { () throws(Errno) in try files.close(0) }
        lab.expect(failure == nil || failure == .badDescriptor, "open or not, never half")
      }
      lab.finally { files.destroy() }
    }
  }

  @Test func `a descriptor that is closed while it is used keeps its file so long`() {
    pass("close against use") { lab in
      let files = FileDescriptors.make()
      guard let timeline = try? files.openTimeline("line"),
        let fence = try? files.createFence(on: timeline, at: 1)
      else { return files.destroy() }
      lab.thread("closer", cpu: 0) { try? files.close(timeline) }
      lab.thread("user", cpu: 1) {
        let failure = outcome { () throws(Errno) in try files.increment(timeline, by: 1) }
        lab.expect(failure == nil || failure == .badDescriptor, "open or not")
      }
      lab.finally {
        let status = try? files.information(on: fence).status
        lab.expect(status == .done || status == .failed(.noEntry), "over, one way or the other")
        files.destroy()
      }
    }
  }
}
