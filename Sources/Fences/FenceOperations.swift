public import Kernel
public import Machine

/// What a driver supplies to its fences: the kernel's `struct dma_fence_ops`.
///
/// A table usually belongs to the driver's module and lives as long
/// (``Machine/permanent(alignment:_:)``). A table from ``Machine/allocate(alignment:_:)`` can be
/// unloaded: after its last fence was signaled and one grace period has passed.
///
/// | member | fence lock | interrupts | read section | times |
/// |---|---|---|---|---|
/// | names | no | as the caller | yes | many, until detached |
/// | enableSignaling | held | off | yes | at most once |
/// | isSignaled | no, or held | as the caller, or off | yes | many |
/// | wait | no | on | no, may sleep | many, also after signaling |
/// | release | no | as the caller | yes | once |
/// | setDeadline | no | as the caller | yes | many |
public struct FenceOperations: ~Copyable {
  /// Which optional members there are.
  ///
  /// A machine cell, so that a use of an unloaded table is seen.
  @usableFromInline let members: Cell<UInt32>
  // Fences that keep the module loaded, under the design in which they do.
  @usableFromInline let users = Word<UInt32>(0)
  @usableFromInline let driverName: @Sendable (Fence) -> String
  @usableFromInline let timelineName: @Sendable (Fence) -> String
  @usableFromInline let enableSignaling: @Sendable (Fence) -> Bool
  @usableFromInline let isSignaled: @Sendable (Fence) -> Bool
  @usableFromInline let wait: Wait
  @usableFromInline let release: @Sendable (Fence) -> Void
  @usableFromInline let setDeadline: @Sendable (Fence, UInt64) -> Void

  /// A wait of the driver's own: fence, interruptible, timeout; hands back the time that is left.
  public typealias Wait = @Sendable (Fence, Bool, Jiffies) -> Result<Jiffies, Errno>

  /// Collects a driver's functions.
  ///
  /// - Parameters:
  ///   - driverName: The driver's name. Mandatory.
  ///   - timelineName: The name of the fence's context. Mandatory.
  ///   - enableSignaling: Makes sure that somebody will signal the fence, and returns true; false
  ///     says that it is over already, and the caller signals. Without it signaling is always on.
  ///   - isSignaled: Looks whether the work is over.
  ///   - wait: Replaces the default wait. Deprecated upstream. Keeps the table attached for ever.
  ///   - release: Replaces the freeing of the fence. Keeps the table attached for ever.
  ///   - setDeadline: Is told by when somebody would like the fence signaled.
  public init(
    driverName: @escaping @Sendable (Fence) -> String,
    timelineName: @escaping @Sendable (Fence) -> String,
    enableSignaling: (@Sendable (Fence) -> Bool)? = nil,
    isSignaled: (@Sendable (Fence) -> Bool)? = nil,
    wait: Wait? = nil,
    release: (@Sendable (Fence) -> Void)? = nil,
    setDeadline: (@Sendable (Fence, UInt64) -> Void)? = nil
  ) {
    var members: Members = []
    if enableSignaling != nil { members.insert(.enableSignaling) }
    if isSignaled != nil { members.insert(.isSignaled) }
    if wait != nil { members.insert(.ownWait) }
    if release != nil { members.insert(.ownRelease) }
    if setDeadline != nil { members.insert(.deadline) }
    self.members = Cell(members.rawValue)
    self.driverName = driverName
    self.timelineName = timelineName
    self.enableSignaling = enableSignaling ?? { _ in true }
    self.isSignaled = isSignaled ?? { _ in false }
    self.wait = wait ?? { _, _, timeout in .success(timeout) }
    self.release = release ?? { _ in }
    self.setDeadline = setDeadline ?? { _, _ in }
  }

  /// The optional members.
  @frozen @usableFromInline
  struct Members: OptionSet {
    @usableFromInline let rawValue: UInt32
    @inlinable init(rawValue: UInt32) { self.rawValue = rawValue }
    @inlinable static var enableSignaling: Members { Members(rawValue: 1) }
    @inlinable static var isSignaled: Members { Members(rawValue: 2) }
    @inlinable static var ownWait: Members { Members(rawValue: 4) }
    @inlinable static var ownRelease: Members { Members(rawValue: 8) }
    @inlinable static var deadline: Members { Members(rawValue: 16) }
  }

  /// Whether the table has a member.
  ///
  /// Reads the table, so only inside a read section, or by whoever keeps the table.
  @inlinable func has(_ member: Members) -> Bool { members.value & member.rawValue != 0 }

  /// Whether a fence with this table keeps it when it is signaled.
  @inlinable var staysAttached: Bool {
    members.value & (Members.ownWait.rawValue | Members.ownRelease.rawValue) != 0
  }
}
