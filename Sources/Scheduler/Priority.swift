public import Machine

/// How urgent an entity's jobs are (`enum drm_sched_priority`).
@frozen public enum Priority: UInt32, CaseIterable, Comparable, Sendable {
  /// Memory management: what other drivers' work may wait for.
  case kernel = 0
  /// What a person looks at.
  case high = 1
  /// Everything else.
  case normal = 2
  /// What may wait.
  case low = 3

  /// Whether one is more urgent.
  @inlinable public static func < (one: Priority, other: Priority) -> Bool {
    one.rawValue < other.rawValue
  }
}

extension Priority: MachineValue {
  /// The priority with this number; the least urgent one where there is none.
  @inlinable public init(machineBits: UInt32) { self = Priority(rawValue: machineBits) ?? .low }
  /// The number.
  @inlinable public var machineBits: UInt32 { rawValue }
}
