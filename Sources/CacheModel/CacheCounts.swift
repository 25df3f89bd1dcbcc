/// What accesses did to the caches, added up.
public struct CacheCounts: Sendable, Codable, Hashable {
  /// Accesses that only read.
  public var reads = 0
  /// Accesses that write, updates included.
  public var writes = 0
  /// Writes that are read-modify-writes: one step that waits for the line.
  public var updates = 0
  /// Accesses that the CPU's own cache answered.
  public var hits = 0
  /// Requests for a line to oneself, before a write.
  public var readsForOwnership = 0
  /// Copies that other CPUs lost to a write.
  public var invalidations = 0
  /// Lines that came from another CPU's cache.
  public var transfers = 0
  /// Lines that came from the shared cache or from memory.
  public var fills = 0
  /// Misses on a word that nobody had written since the CPU lost the line.
  public var falseSharingMisses = 0
  /// Cycles that a CPU waited beyond a hit.
  public var stallCycles = 0

  /// Nothing yet.
  public init() {}

  /// Accesses of all kinds.
  public var accesses: Int { reads + writes }

  /// Accesses that had to wait for a line from elsewhere.
  public var misses: Int { transfers + fills }

  static func += (sum: inout CacheCounts, other: CacheCounts) {
    sum.reads += other.reads
    sum.writes += other.writes
    sum.updates += other.updates
    sum.hits += other.hits
    sum.readsForOwnership += other.readsForOwnership
    sum.invalidations += other.invalidations
    sum.transfers += other.transfers
    sum.fills += other.fills
    sum.falseSharingMisses += other.falseSharingMisses
    sum.stallCycles += other.stallCycles
  }
}
