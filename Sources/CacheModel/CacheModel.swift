/// Caches fed by the accesses of a simulated run or of a replayed schedule.
///
/// It watches and decides nothing. Objects have model addresses, which do not depend on where the
/// run's memory lies. All caches are empty when the threads start: what the setup does is not
/// counted.
///
/// A lock is its word: taking it is an update, giving it back a store, waiting for it reads the
/// word once at the beginning and once at the end. Read sections and masked interrupts touch only
/// what belongs to the CPU, and cost nothing here. A barrier waits for the CPU's own stores.
public final class CacheModel {
  /// The machine.
  public let machine: CacheMachine
  /// The caches as they stand.
  public private(set) var caches: CoherentCaches

  private var memory: ModelMemory
  private var buffers: [StoreBuffer]
  /// How far each CPU has come, in cycles.
  private var clocks: [Int]
  private var sharing = SharingWatch()
  private var counts: [ModelMemory.Place: CacheCounts] = [:]
  private var countsByCPU: [CacheCounts]
  private var order: [ModelMemory.Place] = []
  private var pairs: [FalseSharing: Int] = [:]
  private var barrierCount = 0
  private var barrierStallCycles = 0

  /// Empty caches.
  public init(_ machine: CacheMachine = CacheMachine()) {
    self.machine = machine
    caches = CoherentCaches(machine)
    memory = ModelMemory(lineBytes: machine.lineBytes)
    buffers = Array(
      repeating: StoreBuffer(countMax: machine.storeBufferCount), count: machine.cpuCount)
    clocks = Array(repeating: 0, count: machine.cpuCount)
    countsByCPU = Array(repeating: CacheCounts(), count: machine.cpuCount)
  }

  // MARK: - Names

  /// Names the fields of a record type, by their offsets in bytes.
  public func name(_ fields: [(name: String, offset: Int)], of type: String) {
    memory.name(fields, of: type)
  }

  /// Makes an object known that the run does not allocate, such as a module's own record.
  ///
  /// Without a name it is called by its type and the order of allocation.
  public func place(
    _ address: UInt, bytes: Int, alignment: Int, type: String, as name: String? = nil
  ) {
    memory.place(address, bytes: bytes, alignment: alignment, type: type, name: name)
  }

  /// What each CPU has of the line that holds this word.
  public func states(ofLineAt address: UInt) -> [LineState] {
    let line = memory.place(of: address).line
    return (0..<machine.cpuCount).map { caches.state(of: line, in: $0) }
  }

  // MARK: - Accesses

  /// A CPU reads a word.
  public func read(_ address: UInt, by cpu: Int) {
    let place = memory.place(of: address)
    let done = caches.read(place.line, by: cpu)
    settle(done, at: place, by: cpu, stall: done.latency - machine.latencies.hit) {
      $0.reads += 1
    }
  }

  /// A CPU writes a word; the store waits in the CPU's buffer while the CPU goes on.
  public func write(_ address: UInt, by cpu: Int) {
    let place = memory.place(of: address)
    let done = caches.write(place.line, by: cpu)
    let wait = buffers[cpu].add(latency: done.latency, at: clocks[cpu])
    settle(done, at: place, by: cpu, stall: wait) { $0.writes += 1 }
    sharing.wrote(place, by: cpu, losers: done.invalidated)
  }

  /// A CPU reads and writes a word in one step, which its earlier stores come before.
  public func update(_ address: UInt, by cpu: Int) {
    let place = memory.place(of: address)
    let wait = buffers[cpu].drain(at: clocks[cpu])
    let done = caches.write(place.line, by: cpu)
    let stall = wait + done.latency - machine.latencies.hit
    settle(done, at: place, by: cpu, stall: stall) {
      $0.writes += 1
      $0.updates += 1
    }
    sharing.wrote(place, by: cpu, losers: done.invalidated)
  }

  /// A CPU waits until its stores have their lines; nobody else hears of it.
  public func barrier(by cpu: Int) {
    let wait = buffers[cpu].drain(at: clocks[cpu])
    clocks[cpu] += wait
    barrierCount += 1
    barrierStallCycles += wait
  }

  private func settle(
    _ done: LineTransaction, at place: ModelMemory.Place, by cpu: Int, stall: Int,
    _ count: (inout CacheCounts) -> Void
  ) {
    clocks[cpu] += machine.latencies.hit + stall
    if counts[place] == nil { order.append(place) }
    var sum = CacheCounts()
    count(&sum)
    sum.stallCycles += stall
    sum.invalidations += done.invalidated.count
    if done.isReadForOwnership { sum.readsForOwnership += 1 }
    switch done.origin {
    case .own: if !done.isReadForOwnership { sum.hits += 1 }
    case .cpu: sum.transfers += 1
    case .sharedCache, .memory: sum.fills += 1
    }
    if done.origin != .own, let neighbours = sharing.missed(place, by: cpu) {
      sum.falseSharingMisses += 1
      for written in neighbours { pairs[FalseSharing(place, written), default: 0] += 1 }
    }
    counts[place, default: CacheCounts()] += sum
    countsByCPU[cpu] += sum
  }

  // MARK: - Reporting

  /// Everything counted so far.
  public var report: CacheReport {
    let fields = order.map {
      CacheReport.Field(
        line: $0.line, object: $0.object, field: $0.field, counts: counts[$0] ?? CacheCounts())
    }
    let sharing = pairs.map { pair, misses in
      CacheReport.FalseSharing(
        line: pair.missed.line, missed: pair.missed.name, written: pair.written.name,
        misses: misses)
    }
    return CacheReport(
      machine: machine, fields: fields,
      falseSharing: sharing.sorted {
        ($0.line, $0.missed, $0.written) < ($1.line, $1.missed, $1.written)
      },
      cpus: countsByCPU, barriers: barrierCount, barrierStallCycles: barrierStallCycles,
      cycles: clocks)
  }
}

/// Who missed a word because of which neighbour.
private struct FalseSharing: Hashable {
  let missed: ModelMemory.Place
  let written: ModelMemory.Place

  init(_ missed: ModelMemory.Place, _ written: ModelMemory.Place) {
    (self.missed, self.written) = (missed, written)
  }
}

extension ModelMemory.Place {
  /// The object and its field.
  var name: String { "\(object).\(field)" }
}

// Safety: a model watches one run, all of whose threads are coroutines of one OS thread.
extension CacheModel: @unchecked Sendable {}
