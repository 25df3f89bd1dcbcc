public import Fences
public import Kernel

/// What somebody wants to do with a buffer, or has begun to (`DMA_BUF_SYNC_READ`, `_WRITE`).
@frozen public struct BufferAccess: OptionSet, Sendable {
  /// The kernel's number.
  public let rawValue: UInt32

  /// Makes a set of its number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// To look at the content.
  public static let read = BufferAccess(rawValue: 1)
  /// To change it.
  public static let write = BufferAccess(rawValue: 2)

  var isValid: Bool {
    !isEmpty && isSubset(of: [.read, .write])
  }
}

extension Buffer {
  /// The fences that an access must wait for, as they are now; one by one, without a file.
  ///
  /// - Returns: Each with a reference of the caller's; the stub where there are none.
  /// - Throws: `invalidArgument` for neither reading nor writing, or for anything else; `noMemory`.
  public func exportFences(for access: BufferAccess) throws(Errno) -> [Fence] {
    guard access.isValid else { throw .invalidArgument }
    let usage = ReservationUsage.waitedFor(byWriter: access.contains(.write))
    let fences = try reservation.fences(upTo: usage)
    return fences.isEmpty ? [Fence.stub()] : fences
  }

  /// Those fences as one, which is what ``exportSyncFile(for:)`` puts into a file.
  ///
  /// - Returns: The stub where there are none; with a reference of the caller's.
  /// - Throws: What ``exportFences(for:)`` throws.
  public func exportFence(for access: BufferAccess) throws(Errno) -> Fence {
    guard access.isValid else { throw .invalidArgument }
    let usage = ReservationUsage.waitedFor(byWriter: access.contains(.write))
    return try reservation.singleton(upTo: usage) ?? Fence.stub()
  }

  /// Adds the fences of an access that has begun elsewhere, as ``importSyncFile(_:as:)`` does.
  ///
  /// - Parameter fences: Borrowed. An array or a chain is added as the fences it stands for.
  /// - Throws: `invalidArgument` for neither reading nor writing, or for anything else; `noMemory`,
  ///   and then nothing was added.
  public func importFences(_ fences: [Fence], as access: BufferAccess) throws(Errno) {
    guard access.isValid else { throw .invalidArgument }
    // A walk over a chain drops the nodes behind it, so the parts need references of their own.
    var parts: [Fence] = []
    for fence in fences { fence.forEachUnwrapped { parts.append($0.get()) } }
    defer { for part in parts { part.put() } }
    guard !parts.isEmpty else { return }
    try reservation.withLock { () throws(Errno) in
      try reservation.reserve(parts.count)
      for part in parts { reservation.add(part, access.contains(.write) ? .write : .read) }
    }
  }
}
