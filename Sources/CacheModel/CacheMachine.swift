/// The machine whose caches are modelled.
///
/// The latencies are round numbers of the size that server CPUs show. They say nothing about any
/// one machine, and they decide nothing: the counts do not depend on them.
public struct CacheMachine: Sendable, Hashable {
  /// Which states a line can be in.
  public enum Coherence: String, Sendable, Hashable, CaseIterable {
    /// A line that is read after it was written goes back to memory first.
    case mesi
    /// A line that is read after it was written stays with its writer, who answers for it.
    case moesi
  }

  /// CPU cycles that an access takes.
  public struct Latencies: Sendable, Hashable {
    /// The line is in the CPU's own cache.
    public var hit = 4
    /// The line comes from the cache that all CPUs share, where the directory is.
    public var sharedCache = 50
    /// The line comes from another CPU's cache.
    public var transfer = 100
    /// The line comes from memory.
    public var memory = 250
    /// The other copies have to be given up, and their caches have to say so.
    public var invalidation = 60
    /// A line that was written goes back before it is read elsewhere.
    public var writeBack = 20

    /// The numbers above.
    public init() {}
  }

  /// The protocol.
  public var coherence = Coherence.mesi
  /// The CPUs.
  public var cpuCount: Int
  /// Bytes of a line.
  public var lineBytes = 64
  /// Sets of each CPU's cache; a line has one set it may be in.
  public var setCount = 64
  /// Lines that one set holds.
  public var wayCount = 8
  /// Stores that may wait for their line while the CPU goes on.
  public var storeBufferCount = 42
  /// How long things take.
  public var latencies = Latencies()

  /// A machine with 32 KiB of cache a CPU.
  public init(cpuCount: Int = 4, coherence: Coherence = .mesi) {
    precondition(
      (1...Limits.cpuCountMax).contains(cpuCount),
      "a machine has 1 to \(Limits.cpuCountMax) CPUs; see CacheModel.Limits")
    self.cpuCount = cpuCount
    self.coherence = coherence
  }
}
