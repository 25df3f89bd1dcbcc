/// A binary relation on the events of an execution: one row of bits an event.
struct Relation: Equatable {
  /// The number of events.
  let count: Int
  /// Words a row.
  let stride: Int
  var words: [UInt64]

  init(count: Int) {
    self.count = count
    stride = (count + 63) / 64
    words = Array(repeating: 0, count: count * stride)
  }

  static func identity(on set: EventSet) -> Relation {
    var relation = Relation(count: set.count)
    for event in set { relation.insert(event, event) }
    return relation
  }

  static func product(_ from: EventSet, _ to: EventSet) -> Relation {
    var relation = Relation(count: from.count)
    for event in from { relation.formUnion(row: event, to) }
    return relation
  }

  func contains(_ from: Int, _ to: Int) -> Bool {
    words[from * stride + to >> 6] & (1 << UInt64(to & 63)) != 0
  }

  mutating func insert(_ from: Int, _ to: Int) {
    words[from * stride + to >> 6] |= 1 << UInt64(to & 63)
  }

  mutating func formUnion(row: Int, _ set: EventSet) {
    for word in 0..<stride { words[row * stride + word] |= set.words[word] }
  }

  /// The events `from` is related to.
  func successors(of from: Int) -> EventSet {
    EventSet(count: count, words: Array(words[(from * stride)..<((from + 1) * stride)]))
  }

  var isEmpty: Bool { !words.contains { $0 != 0 } }

  var isIrreflexive: Bool { !(0..<count).contains { contains($0, $0) } }

  /// Whether no path along the relation comes back to where it began.
  var isAcyclic: Bool { plus.isIrreflexive }

  /// The pairs, in order.
  var pairs: [(from: Int, to: Int)] {
    (0..<count).flatMap { from in successors(of: from).map { (from, $0) } }
  }

  // MARK: - Algebra

  static func | (one: Relation, other: Relation) -> Relation {
    var result = one
    for index in result.words.indices { result.words[index] |= other.words[index] }
    return result
  }

  static func & (one: Relation, other: Relation) -> Relation {
    var result = one
    for index in result.words.indices { result.words[index] &= other.words[index] }
    return result
  }

  static func - (one: Relation, other: Relation) -> Relation {
    var result = one
    for index in result.words.indices { result.words[index] &= ~other.words[index] }
    return result
  }

  static func |= (one: inout Relation, other: Relation) {
    for index in one.words.indices { one.words[index] |= other.words[index] }
  }

  /// First this relation, then the other: `self ; other`.
  func then(_ other: Relation) -> Relation {
    var result = Relation(count: count)
    if stride == 1 {
      for from in 0..<count {
        var row = words[from]
        var joined: UInt64 = 0
        while row != 0 {
          joined |= other.words[row.trailingZeroBitCount]
          row &= row &- 1
        }
        result.words[from] = joined
      }
      return result
    }
    for from in 0..<count {
      for word in 0..<stride {
        var row = words[from * stride + word]
        while row != 0 {
          let middle = word * 64 + row.trailingZeroBitCount
          row &= row &- 1
          for target in 0..<stride {
            result.words[from * stride + target] |= other.words[middle * stride + target]
          }
        }
      }
    }
    return result
  }

  /// Only the pairs that begin in the set: `[set] ; self`.
  func from(_ set: EventSet) -> Relation {
    var result = self
    if stride == 1 {
      let members = set.words.first ?? 0
      for event in 0..<count where members & (1 << UInt64(event)) == 0 { result.words[event] = 0 }
      return result
    }
    for event in 0..<count where !set.contains(event) {
      for word in 0..<stride { result.words[event * stride + word] = 0 }
    }
    return result
  }

  /// Only the pairs that end in the set: `self ; [set]`.
  func to(_ set: EventSet) -> Relation {
    var result = self
    if stride == 1 {
      let members = set.words.first ?? 0
      for event in 0..<count { result.words[event] &= members }
      return result
    }
    for event in 0..<count {
      for word in 0..<stride { result.words[event * stride + word] &= set.words[word] }
    }
    return result
  }

  /// The pairs the other way round: `self⁻¹`.
  var inverse: Relation {
    var result = Relation(count: count)
    for from in 0..<count {
      for word in 0..<stride {
        var row = words[from * stride + word]
        while row != 0 {
          result.insert(word * 64 + row.trailingZeroBitCount, from)
          row &= row &- 1
        }
      }
    }
    return result
  }

  /// This relation and identity: `self?`.
  var optional: Relation {
    var result = self
    for event in 0..<count { result.insert(event, event) }
    return result
  }

  /// One or more steps: `self+`.
  var plus: Relation {
    var result = self
    for middle in 0..<count {
      if stride == 1 {
        let row = result.words[middle]
        guard row != 0 else { continue }
        let bit: UInt64 = 1 << UInt64(middle)
        for from in 0..<count where result.words[from] & bit != 0 { result.words[from] |= row }
      } else {
        for from in 0..<count where result.contains(from, middle) {
          for word in 0..<stride {
            result.words[from * stride + word] |= result.words[middle * stride + word]
          }
        }
      }
    }
    return result
  }

  /// Any number of steps: `self*`.
  var star: Relation { plus.optional }
}
