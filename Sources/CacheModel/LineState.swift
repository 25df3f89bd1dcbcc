/// What a cache may do with its copy of a line.
public enum LineState: String, Sendable, Hashable, CaseIterable {
  /// The only copy, and newer than memory.
  case modified = "M"
  /// Newer than memory, and others have copies: this cache answers for the line (MOESI only).
  case owned = "O"
  /// The only copy, and the same as memory.
  case exclusive = "E"
  /// One of several copies; it may be read.
  case shared = "S"
  /// No copy.
  case invalid = "I"

  /// Whether a write needs no message to anybody.
  var mayWrite: Bool { self == .modified || self == .exclusive }
  /// Whether memory has to be told before the copy is dropped.
  var isDirty: Bool { self == .modified || self == .owned }
}
