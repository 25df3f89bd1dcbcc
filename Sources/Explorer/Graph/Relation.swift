/// A set of pairs of nodes, as one row of bits for each first node.
struct Relation {
  let count: Int
  let words: Int
  private(set) var bits: [UInt64]

  init(count: Int) {
    self.count = count
    words = (count + 63) / 64
    bits = [UInt64](repeating: 0, count: count * words)
  }

  static func identity(count: Int, where holds: (Int) -> Bool = { _ in true }) -> Relation {
    var relation = Relation(count: count)
    for node in 0..<count where holds(node) { relation.insert(node, node) }
    return relation
  }

  // MARK: - Pairs

  @inline(__always)
  func contains(_ first: Int, _ second: Int) -> Bool {
    bits[first * words + second >> 6] & 1 << UInt64(second & 63) != 0
  }

  @inline(__always)
  mutating func insert(_ first: Int, _ second: Int) {
    bits[first * words + second >> 6] |= 1 << UInt64(second & 63)
  }

  var isEmpty: Bool { bits.allSatisfy { $0 == 0 } }

  /// Calls back for each pair that starts at this node.
  @inline(__always)
  func forEach(from first: Int, _ body: (Int) -> Void) {
    for word in 0..<words {
      var left = bits[first * words + word]
      while left != 0 {
        body(word << 6 + left.trailingZeroBitCount)
        left &= left - 1
      }
    }
  }

  // MARK: - Sets of pairs

  static func | (one: Relation, other: Relation) -> Relation {
    var union = one
    union.formUnion(other)
    return union
  }

  static func & (one: Relation, other: Relation) -> Relation {
    var both = one
    for index in both.bits.indices { both.bits[index] &= other.bits[index] }
    return both
  }

  static func - (one: Relation, other: Relation) -> Relation {
    var rest = one
    for index in rest.bits.indices { rest.bits[index] &= ~other.bits[index] }
    return rest
  }

  mutating func formUnion(_ other: Relation) {
    for index in bits.indices { bits[index] |= other.bits[index] }
  }

  /// Pairs that start in the set.
  func from(_ holds: [Bool]) -> Relation {
    var kept = self
    for node in 0..<count where !holds[node] {
      for word in 0..<words { kept.bits[node * words + word] = 0 }
    }
    return kept
  }

  /// Pairs that end in the set.
  func to(_ holds: [Bool]) -> Relation {
    var mask = [UInt64](repeating: 0, count: words)
    for node in 0..<count where holds[node] { mask[node >> 6] |= 1 << UInt64(node & 63) }
    var kept = self
    for node in 0..<count {
      for word in 0..<words { kept.bits[node * words + word] &= mask[word] }
    }
    return kept
  }

  // MARK: - Paths

  /// From where one relation leads, where the other leads on to.
  func then(_ next: Relation) -> Relation {
    var path = Relation(count: count)
    if words == 1 {
      for first in 0..<count {
        var (row, left) = (UInt64(0), bits[first])
        while left != 0 {
          row |= next.bits[left.trailingZeroBitCount]
          left &= left - 1
        }
        path.bits[first] = row
      }
      return path
    }
    for first in 0..<count {
      forEach(from: first) { middle in
        for word in 0..<words {
          path.bits[first * words + word] |= next.bits[middle * words + word]
        }
      }
    }
    return path
  }

  var inverse: Relation {
    var turned = Relation(count: count)
    for first in 0..<count { forEach(from: first) { turned.insert($0, first) } }
    return turned
  }

  var orSame: Relation {
    var relation = self
    for node in 0..<count { relation.insert(node, node) }
    return relation
  }

  /// One step or more.
  var closure: Relation {
    var closed = self
    for middle in 0..<count {
      for first in 0..<count where closed.contains(first, middle) {
        for word in 0..<words {
          closed.bits[first * words + word] |= closed.bits[middle * words + word]
        }
      }
    }
    return closed
  }

  var isIrreflexive: Bool { !(0..<count).contains { contains($0, $0) } }

  /// Whether no node leads back to itself.
  var isAcyclic: Bool { closure.isIrreflexive }
}
