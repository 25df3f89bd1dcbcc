/// A set of the events of an execution.
struct EventSet: Equatable, Sequence {
  let count: Int
  var words: [UInt64]

  init(count: Int) {
    self.count = count
    words = Array(repeating: 0, count: (count + 63) / 64)
  }

  init(count: Int, words: [UInt64]) {
    self.count = count
    self.words = words
  }

  init(count: Int, where isMember: (Int) -> Bool) {
    self.init(count: count)
    for event in 0..<count where isMember(event) { insert(event) }
  }

  func contains(_ event: Int) -> Bool { words[event >> 6] & (1 << UInt64(event & 63)) != 0 }

  mutating func insert(_ event: Int) { words[event >> 6] |= 1 << UInt64(event & 63) }

  var isEmpty: Bool { !words.contains { $0 != 0 } }

  static func & (one: EventSet, other: EventSet) -> EventSet {
    var result = one
    for index in result.words.indices { result.words[index] &= other.words[index] }
    return result
  }

  static func | (one: EventSet, other: EventSet) -> EventSet {
    var result = one
    for index in result.words.indices { result.words[index] |= other.words[index] }
    return result
  }

  func makeIterator() -> some IteratorProtocol<Int> {
    (0..<count).lazy.filter { contains($0) }.makeIterator()
  }
}
