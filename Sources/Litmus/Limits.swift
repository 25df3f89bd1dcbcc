/// The ceilings of the decision procedure.
enum Limits {
  /// Accesses and read-section events of one thread: dependencies are sets of 64 bits.
  static let eventsOfThreadMax = 64
  /// Ways through one thread; each is a copy of its events.
  static let pathsMax = 4096
  /// Ways of giving every read a write and ordering the writes, over all ways through the threads:
  /// at about 20 microseconds each, some minutes.
  static let candidatesMax = 20_000_000
  /// Orders of the writes of one variable; all of them are kept, at about 200 bytes each.
  static let ordersMax = 500_000
}
