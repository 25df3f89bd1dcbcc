import Fences
import Kernel
import Reservations
import SyncObjects
import Testing

/// Buffers and sync files, as processes that synchronise explicitly use them.
struct BufferSyncFileTests {
  @Test func `a file for a buffer without fences is signaled`() throws {
    let buffer = Buffer.make()
    for access in [BufferAccess.read, .write, [.read, .write]] {
      let file = try buffer.exportSyncFile(for: access)
      #expect(file.fence == Fence.stub())
      #expect(file.poll())
      file.put()
    }
    buffer.put()
  }

  @Test func `a reader's file holds the writes, a writer's everything but bookkeeping`() throws {
    let buffer = Buffer.make()
    let usages: [ReservationUsage] = [.kernel, .write, .read, .bookkeep]
    let fences = usages.indices.map { Plain.fence(context: UInt64($0 + 1)) }
    for (fence, usage) in zip(fences, usages) { buffer.reservation.addLocked(fence, usage) }
    let reading = try buffer.exportSyncFile(for: .read)
    let writing = try buffer.exportSyncFile(for: .write)
    let both = try buffer.exportSyncFile(for: [.read, .write])
    #expect(FenceArray(reading.fence)?.children == Array(fences[..<2]))
    #expect(FenceArray(writing.fence)?.children == Array(fences[..<3]))
    #expect(FenceArray(both.fence)?.children == Array(fences[..<3]))
    // The file is of a moment: it does not wait for what comes later.
    let later = Plain.fence(context: 9)
    buffer.reservation.addLocked(later, .write)
    for fence in fences[..<2] { fence.signal() }
    #expect(reading.poll() && !writing.poll())
    fences[2].signal()
    #expect(writing.poll() && both.poll())
    for file in [reading, writing, both] { file.put() }
    for fence in [fences[3], later] { fence.signal() }
    for fence in fences + [later] { fence.put() }
    buffer.put()
  }

  @Test func `a file is imported as the fences it stands for`() throws {
    let (source, target) = (Buffer.make(), Buffer.make())
    let fences = (1...2).map { Plain.fence(context: UInt64($0)) }
    for fence in fences { source.reservation.addLocked(fence, .write) }
    let file = try source.exportSyncFile(for: .read)
    for (access, usage) in [(.read, .read), ([.read, .write], .write)]
      as [(BufferAccess, ReservationUsage)]
    {
      try target.importSyncFile(file, as: access)
      let entries = try target.reservation.withLock { () throws(Errno) in
        target.reservation.heldEntries()
      }
      #expect(entries.map(\.0) == fences)
      #expect(entries.allSatisfy { $0.1 == usage })
    }
    for fence in fences {
      fence.signal()
      fence.put()
    }
    file.put()
    for buffer in [source, target] { buffer.put() }
  }

  @Test func `a process gives and gets numbers, and every one is checked`() throws {
    let buffer = Buffer.make()
    let files = FileDescriptors.make(limit: 2)
    for access in [BufferAccess(), BufferAccess(rawValue: 4), BufferAccess(rawValue: 7)] {
      #expect(throws: Errno.invalidArgument) {
        try buffer.exportSyncFile(for: access, to: files)
      }
    }
    let fence = Plain.fence(context: 1)
    buffer.reservation.addLocked(fence, .write)
    let number = try buffer.exportSyncFile(for: .read, to: files)
    #expect(try !files.poll(number, milliseconds: 0))
    let other = try files.openEventCounter()
    for descriptor in [other, 7, -1] {
      #expect(throws: Errno.invalidArgument) {
        try buffer.importSyncFile(descriptor, of: files, as: .read)
      }
    }
    #expect(throws: Errno.invalidArgument) {
      try buffer.importSyncFile(number, of: files, as: [])
    }
    #expect(throws: Errno.tooManyDescriptors) {
      try buffer.exportSyncFile(for: .write, to: files)
    }
    // What is asked for is checked first.
    #expect(throws: Errno.invalidArgument) {
      try buffer.exportSyncFile(for: [], to: files)
    }
    try buffer.importSyncFile(number, of: files, as: .read)
    fence.signal()
    #expect(try files.poll(number, milliseconds: 0))
    files.destroy()
    fence.put()
    buffer.put()
  }
}
