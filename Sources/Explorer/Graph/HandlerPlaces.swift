internal import Machine

/// A word that a handler uses, by names that are the same in all executions.
struct HandlerPlace: Hashable, Codable, Sendable {
  /// The handler's place among all threads.
  var handler: Int
  /// Who allocated the object and as their how-manieth; -1 for none.
  var object: Int32
  /// How far into the object; outside all objects the address.
  var offset: UInt
}

extension HandlerPlace: Comparable {
  static func < (left: HandlerPlace, right: HandlerPlace) -> Bool {
    (left.handler, left.object, left.offset) < (right.handler, right.object, right.offset)
  }
}

extension HandlerPlace {
  /// Three numbers in base 36.
  var text: String {
    let place = String(object, radix: 36) + "~" + String(offset, radix: 36)
    return String(handler, radix: 36) + "~" + place
  }

  init?(_ text: Substring) {
    let parts = text.split(separator: "~")
    guard parts.count == 3, let handler = Int(parts[0], radix: 36),
      let object = Int32(parts[1], radix: 36), let offset = UInt(parts[2], radix: 36)
    else { return nil }
    self.init(handler: handler, object: object, offset: offset)
  }
}

/// The words that handlers were seen to use: those known before an execution decide where in it
/// handlers are offered to fire, and those that turn out in it make the search begin anew.
struct HandlerPlaces {
  private(set) var known: Set<HandlerPlace> = []
  private(set) var found: Set<HandlerPlace> = []

  init(_ known: [HandlerPlace] = []) { self.known = Set(known) }

  var sorted: [HandlerPlace] { known.sorted() }

  mutating func note(_ place: HandlerPlace) {
    if !known.contains(place) { found.insert(place) }
  }

  /// Makes what was found known.
  mutating func learn() {
    known.formUnion(found)
    found = []
  }
}
