/// Numbers for the words that graphs speak of, the same in all executions of one exploration.
///
/// An object's address is a function of who allocated it and as their how-manieth, so an address
/// is an identity. After another choice that object may be of another type: a word of another width
/// is another word, and no execution has both.
struct GraphPlaces {
  /// Words that no program can name.
  enum Hidden: Hashable {
    /// Hands a new thread over to its lane, by the lane's number.
    case start(Int)
    /// Deferred work is done, by its lane.
    case done(Int)
    /// The sleepers of a word, and the lock that guards them.
    case sleepers(UInt)
    case bucket(UInt)
    /// How often a thread was woken.
    case wakeUps(Int)
  }

  private struct Word: Hashable {
    var address: UInt
    var width: UInt8
  }

  private struct Place {
    var word: Word
    /// How far into its object the word is, 0 outside all objects.
    ///
    /// As it was at the first use: while a lane is repeated, what another one allocated may not
    /// stand there yet.
    var offset: UInt
  }

  private var ofWord: [Word: Int32] = [:]
  private var ofHidden: [Hidden: Int32] = [:]
  private var places: [Place] = []

  mutating func number(of address: UInt, width: UInt8, in arena: Arena) -> Int32 {
    let word = Word(address: address, width: width)
    if let known = ofWord[word] { return known }
    places.append(Place(word: word, offset: arena.offset(of: address)))
    let number = Int32(places.count - 1)
    ofWord[word] = number
    return number
  }

  mutating func number(of hidden: Hidden) -> Int32 {
    if let known = ofHidden[hidden] { return known }
    places.append(Place(word: Word(address: 0, width: 0), offset: 0))
    let number = Int32(places.count - 1)
    ofHidden[hidden] = number
    return number
  }

  var count: Int { places.count }

  /// What the word held before any thread ran.
  func initialBits(of number: Int32, in arena: Arena) -> UInt64 {
    let place = places[Int(number)].word
    return place.address == 0 ? 0 : arena.read(place.address, width: place.width)
  }

  /// Puts what the graph left behind into memory, where the final claims look for it.
  func writeBack(_ graph: ExecutionGraph, to arena: Arena) {
    for number in places.indices where places[number].word.address != 0 {
      let last = graph.last(of: Int32(number))
      guard last >= 0 else { continue }
      let place = places[number].word
      _ = arena.location(of: place.address, width: place.width)
      arena.write(graph[last].value, to: place.address, width: place.width)
    }
  }

  func offset(of number: Int32) -> UInt { number < 0 ? 0 : places[Int(number)].offset }

  func address(of number: Int32) -> UInt { number < 0 ? 0 : places[Int(number)].word.address }
}
