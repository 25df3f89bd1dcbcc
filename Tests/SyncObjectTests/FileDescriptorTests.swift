import Fences
import Kernel
import Machine
import SyncObjects
import Testing

/// Every errno that a process can get for its descriptors.
struct FileDescriptorTests {
  private let files = FileDescriptors.make()

  @Test func `the lowest free number is given out`() throws {
    let numbers = try (0..<20).map { _ in try files.openEventCounter() }
    #expect(numbers == Array(0..<20))
    try files.close(7)
    try files.close(3)
    #expect(try files.openEventCounter() == 3)
    #expect(try files.openEventCounter() == 7)
    #expect(try files.openEventCounter() == 20)
    files.destroy()
  }

  @Test func `a process has no more descriptors than its limit`() throws {
    let few = FileDescriptors.make(limit: 2)
    let timeline = try few.openTimeline("line")
    let fence = try few.createFence(on: timeline, at: 1)
    #expect(throws: Errno.tooManyDescriptors) { try few.createFence(on: timeline, at: 2) }
    #expect(throws: Errno.tooManyDescriptors) { try few.openTimeline("other") }
    #expect(throws: Errno.tooManyDescriptors) { try few.openEventCounter() }
    #expect(throws: Errno.tooManyDescriptors) { try few.merge(fence, with: fence) }
    try few.close(fence)
    #expect(try few.createFence(on: timeline, at: 2) == fence)
    few.destroy()
    files.destroy()
  }

  @Test func `what is not open is a bad descriptor`() throws {
    try files.close(files.openEventCounter())
    for descriptor in [-1, 0, 99] as [Int32] {
      #expect(throws: Errno.badDescriptor) { try files.close(descriptor) }
      #expect(throws: Errno.badDescriptor) { try files.merge(descriptor, with: 0) }
      #expect(throws: Errno.badDescriptor) { try files.information(on: descriptor) }
      #expect(throws: Errno.badDescriptor) { try files.setDeadline(1, of: descriptor) }
      #expect(throws: Errno.badDescriptor) { try files.poll(descriptor, milliseconds: 0) }
      #expect(throws: Errno.badDescriptor) { try files.createFence(on: descriptor, at: 1) }
      #expect(throws: Errno.badDescriptor) { try files.increment(descriptor, by: 1) }
      #expect(throws: Errno.badDescriptor) { try files.deadline(of: 0, on: descriptor) }
      #expect(throws: Errno.badDescriptor) { try files.eventCounter(descriptor) }
      #expect(files.syncFile(descriptor) == nil && files.fence(of: descriptor) == nil)
    }
    files.destroy()
  }

  @Test func `a file of another kind does not know the request`() throws {
    let timeline = try files.openTimeline("line")
    let fence = try files.createFence(on: timeline, at: 1)
    #expect(throws: Errno.wrongRequest) { try files.merge(timeline, with: fence) }
    #expect(throws: Errno.wrongRequest) { try files.information(on: timeline) }
    #expect(throws: Errno.wrongRequest) { try files.setDeadline(1, of: timeline) }
    #expect(throws: Errno.wrongRequest) { try files.createFence(on: fence, at: 1) }
    #expect(throws: Errno.wrongRequest) { try files.increment(fence, by: 1) }
    #expect(throws: Errno.wrongRequest) { try files.deadline(of: fence, on: fence) }
    #expect(throws: Errno.invalidArgument) { try files.eventCounter(fence) }
    #expect(files.syncFile(timeline) == nil && files.fence(of: timeline) == nil)
    files.destroy()
  }

  @Test func `reserved fields must be 0`() throws {
    let timeline = try files.openTimeline("line")
    let fence = try files.createFence(on: timeline, at: 1)
    #expect(throws: Errno.invalidArgument) { try files.merge(fence, with: fence, flags: 1) }
    #expect(throws: Errno.invalidArgument) { try files.merge(fence, with: fence, pad: 1) }
    #expect(throws: Errno.invalidArgument) { try files.information(on: fence, flags: 1) }
    #expect(throws: Errno.invalidArgument) { try files.information(on: fence, pad: 1) }
    #expect(throws: Errno.invalidArgument) { try files.setDeadline(1, of: fence, pad: 1) }
    #expect(throws: Errno.invalidArgument) {
      try files.deadline(of: fence, on: timeline, deadline: 1)
    }
    #expect(throws: Errno.invalidArgument) { try files.deadline(of: fence, on: timeline, pad: 1) }
    files.destroy()
  }

  @Test func `only a sync file can be merged with`() throws {
    let timeline = try files.openTimeline("line")
    let fence = try files.createFence(on: timeline, at: 1)
    for other in [timeline, -1, 99] {
      #expect(throws: Errno.noEntry) { try files.merge(fence, with: other) }
      // The reserved fields come first.
      #expect(throws: Errno.invalidArgument) { try files.merge(fence, with: other, pad: 1) }
    }
    files.destroy()
  }

  @Test func `a merge takes its number before it looks at anything`() throws {
    let few = FileDescriptors.make(limit: 3)
    let timeline = try few.openTimeline("line")
    let fence = try few.createFence(on: timeline, at: 1)
    for _ in 0..<3 {
      #expect(throws: Errno.invalidArgument) { try few.merge(fence, with: fence, flags: 1) }
      #expect(throws: Errno.noEntry) { try few.merge(fence, with: timeline) }
    }
    let last = try few.openEventCounter()
    #expect(last == 2, "no failure keeps a number")
    #expect(throws: Errno.tooManyDescriptors) { try few.merge(fence, with: fence, flags: 1) }
    #expect(throws: Errno.tooManyDescriptors) { try few.merge(fence, with: timeline) }
    // Whether the file knows the request comes before all that.
    #expect(throws: Errno.wrongRequest) { try few.merge(timeline, with: fence) }
    try few.close(last)
    // A file that is merged with its own number finds nothing there yet.
    #expect(throws: Errno.noEntry) { try few.merge(fence, with: last) }
    #expect(try few.merge(fence, with: fence) == last)
    few.destroy()
    files.destroy()
  }

  @Test func `a deadline is asked of a software timeline's fence`() throws {
    let timeline = try files.openTimeline("line")
    let fence = try files.createFence(on: timeline, at: 1)
    let foreign = Plain.fence()
    let file = try #require(SyncFile.make(foreign))
    let other = try files.install(file)
    file.put()
    #expect(throws: Errno.noEntry) { try files.deadline(of: fence, on: timeline) }
    try files.setDeadline(40, of: fence)
    #expect(try files.deadline(of: fence, on: timeline) == 40)
    for wrong in [other, timeline, -1] {
      #expect(throws: Errno.invalidArgument) { try files.deadline(of: wrong, on: timeline) }
    }
    files.destroy()
    foreign.put()
  }

  @Test func `closing a timeline's last descriptor fails what is pending`() throws {
    let timeline = try files.openTimeline("line")
    let fence = try files.createFence(on: timeline, at: 1)
    #expect(try files.information(on: fence).status == .pending)
    try files.close(timeline)
    #expect(try files.information(on: fence).status == .failed(.noEntry))
    #expect(try files.poll(fence, milliseconds: -1))
    files.destroy()
  }

  @Test func `a poll waits for what its file waits for`() throws {
    let timeline = try files.openTimeline("line")
    let fence = try files.createFence(on: timeline, at: 1)
    let counter = try files.openEventCounter()
    #expect(try files.poll(timeline, milliseconds: 0))
    for file in [fence, counter] {
      #expect(try !files.poll(file, milliseconds: 0))
      #expect(try !files.poll(file, milliseconds: 1))
      KernelTask.current.sendSignal()
      #expect(throws: Errno.interrupted) { try files.poll(file, milliseconds: -1) }
      KernelTask.current.clearSignal()
    }
    try files.increment(timeline, by: 1)
    let event = try files.eventCounter(counter)
    event.signal()
    event.signal()
    for file in [fence, counter] { #expect(try files.poll(file, milliseconds: -1)) }
    #expect(event.count == 2)
    #expect(try event.read() == 2)
    #expect(throws: Errno.tryAgain) { try event.read(timeout: .zero) }
    event.put()
    files.destroy()
  }
}
