internal import Machine

/// What a lane will do next, as far as others can notice.
struct GraphOperation {
  enum Kind {
    /// One read; with `writes`, the read half of an update.
    case read
    /// One write, or the write half of an update whose read is in the graph already.
    case write
    /// A number below the given one.
    case choice(UInt64)
  }

  var kind: Kind
  /// The node to add, without what the search decides.
  var node: GraphNode
  /// What the location held before anybody wrote it.
  var initially: UInt64 = 0
  /// What an update writes, or nil where the operation is a plain read or write.
  var update: GraphUpdate?

  /// Whether the operation is a read that would have to wait, were it to read this.
  func waits(for bits: UInt64) -> Bool {
    node.traits.contains(.waits) && !node.wanted.holds(for: bits)
  }
}

/// The write half of an update.
struct GraphUpdate {
  var kind: Access.Kind
  var operand: UInt64
  var width: UInt8
  var traits: GraphNode.Traits

  func result(from bits: UInt64) -> UInt64 {
    let result =
      switch kind {
      case .load: bits
      case .store, .exchange, .compareExchange: operand
      case .add: bits &+ operand
      case .or: bits | operand
      case .and: bits & operand
      }
    return width == 4 ? result & 0xffff_ffff : result
  }
}
