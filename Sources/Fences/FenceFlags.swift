public import Machine

/// A bit of a fence's flag word, with the kernel's numbers.
@frozen public struct FenceFlag: FlagBit, Hashable {
  /// Counted from the lowest bit.
  public let bitNumber: UInt64

  @inlinable @inline(__always)
  init(_ bitNumber: UInt64) { self.bitNumber = bitNumber }

  /// The fence was initialised; tells an embedded fence from zeroed memory.
  @inlinable public static var initialised: FenceFlag { FenceFlag(0) }
  /// The lock lies inside the fence.
  ///
  /// Set before publication, never changed.
  @inlinable public static var inlineLock: FenceFlag { FenceFlag(1) }
  /// Sequence numbers are 64 bits wide and do not wrap.
  ///
  /// Set before publication, never changed.
  @inlinable public static var seqno64: FenceFlag { FenceFlag(2) }
  /// The fence is signaled.
  ///
  /// Set once, under the lock, never cleared.
  @inlinable public static var signaled: FenceFlag { FenceFlag(3) }
  /// The timestamp is there.
  ///
  /// Set once, after `signaled`, never cleared.
  @inlinable public static var timestamp: FenceFlag { FenceFlag(4) }
  /// Signaling was asked for.
  ///
  /// Set once, under the lock, never cleared.
  @inlinable public static var signalingEnabled: FenceFlag { FenceFlag(5) }

  /// The fence keeps the record that its external lock lies in.
  ///
  /// A debate's design, not the kernel's. Set before publication, never changed.
  @usableFromInline static var keepsContext: FenceFlag { FenceFlag(63) }

  /// A bit of the driver's own: the first is number 6 of the word.
  @inlinable public static func user(_ number: UInt64) -> FenceFlag { FenceFlag(6 + number) }
}
