/// Caches that agree about every line, and the directory through which they do.
///
/// A pure state machine: lines and CPUs are numbers, and nothing here knows addresses or programs.
/// Each access is one transaction that is over before the next begins.
///
/// Invariants (``invariantViolations(of:)``):
/// 1. One writer or many readers: a modified or exclusive copy is the only copy.
/// 2. At most one copy is owned, and only under MOESI.
/// 3. The directory names exactly the caches that have a copy.
public struct CoherentCaches: Sendable {
  /// What the directory, which sits at the shared cache, knows about a line.
  private struct Entry {
    /// One bit for each CPU that has a copy.
    var holders: UInt64 = 0
    /// Whether the shared cache has the line's current content.
    var isInSharedCache = false
  }

  private let machine: CacheMachine
  private var caches: [Cache]
  private var directory: [Int: Entry] = [:]

  /// Empty caches.
  public init(_ machine: CacheMachine) {
    self.machine = machine
    caches = Array(
      repeating: Cache(setCount: machine.setCount, wayCount: machine.wayCount),
      count: machine.cpuCount)
  }

  /// The state of a CPU's copy.
  public func state(of line: Int, in cpu: Int) -> LineState { caches[cpu].state(of: line) }

  /// A CPU reads the line.
  public mutating func read(_ line: Int, by cpu: Int) -> LineTransaction {
    var done = LineTransaction(latency: machine.latencies.hit)
    if state(of: line, in: cpu) != .invalid {
      caches[cpu].touch(line)
      return done
    }
    let others = holders(of: line)
    fetch(line, into: &done, keepingCopies: true)
    take(line, others.isEmpty ? .exclusive : .shared, into: cpu, &done)
    return done
  }

  /// A CPU writes the line, which it has to itself from then on.
  public mutating func write(_ line: Int, by cpu: Int) -> LineTransaction {
    var done = LineTransaction(latency: machine.latencies.hit)
    let before = state(of: line, in: cpu)
    if before.mayWrite {
      caches[cpu].change(line, to: .modified)
      caches[cpu].touch(line)
      directory[line]?.isInSharedCache = false
      return done
    }
    done.isReadForOwnership = true
    let others = holders(of: line).filter { $0 != cpu }
    if before == .invalid {
      fetch(line, into: &done, keepingCopies: false)
    }
    if !others.isEmpty {
      done.latency = max(done.latency, machine.latencies.invalidation)
      done.invalidated = others
      for other in others { drop(line, from: other) }
    }
    if before == .invalid {
      take(line, .modified, into: cpu, &done)
    } else {
      // A lone shared copy is left over from sharers that made room for other lines; the
      // directory says so at the price of asking it.
      if others.isEmpty { done.latency = max(done.latency, machine.latencies.sharedCache) }
      caches[cpu].change(line, to: .modified)
      caches[cpu].touch(line)
    }
    directory[line]?.isInSharedCache = false
    return done
  }

  // MARK: - Moving lines

  /// Finds the line's content: in another CPU's cache, in the shared one, or in memory.
  private mutating func fetch(_ line: Int, into done: inout LineTransaction, keepingCopies: Bool) {
    let supplier = holders(of: line).first { state(of: line, in: $0) != .shared }
    guard let supplier else {
      let isNear = directory[line]?.isInSharedCache == true || !holders(of: line).isEmpty
      done.origin = isNear ? .sharedCache : .memory
      done.latency = isNear ? machine.latencies.sharedCache : machine.latencies.memory
      directory[line, default: Entry()].isInSharedCache = true
      return
    }
    done.origin = .cpu(supplier)
    done.latency = machine.latencies.transfer
    guard keepingCopies else { return }
    switch (state(of: line, in: supplier), machine.coherence) {
    case (.modified, .moesi), (.owned, _): caches[supplier].change(line, to: .owned)
    case (.modified, .mesi):
      done.latency += machine.latencies.writeBack
      done.writesBack = true
      caches[supplier].change(line, to: .shared)
      directory[line]?.isInSharedCache = true
    default:
      caches[supplier].change(line, to: .shared)
      directory[line]?.isInSharedCache = true
    }
  }

  private mutating func take(
    _ line: Int, _ state: LineState, into cpu: Int, _ done: inout LineTransaction
  ) {
    if let victim = caches[cpu].insert(line, state) {
      done.evicted = victim.line
      directory[victim.line]?.holders &= ~(1 << UInt64(cpu))
      if victim.state.isDirty {
        done.writesBack = true
        directory[victim.line]?.isInSharedCache = true
      }
    }
    directory[line, default: Entry()].holders |= 1 << UInt64(cpu)
  }

  private mutating func drop(_ line: Int, from cpu: Int) {
    caches[cpu].change(line, to: .invalid)
    directory[line]?.holders &= ~(1 << UInt64(cpu))
  }

  private func holders(of line: Int) -> [Int] {
    guard let bits = directory[line]?.holders, bits != 0 else { return [] }
    return caches.indices.filter { bits & 1 << UInt64($0) != 0 }
  }

  // MARK: - Checking

  /// What is wrong with a line, in words; empty while the protocol keeps its promise.
  public func invariantViolations(of line: Int) -> [String] {
    var violations: [String] = []
    let states = caches.map { $0.state(of: line) }
    let copies = states.filter { $0 != .invalid }
    if states.contains(where: \.mayWrite), copies.count > 1 {
      violations.append("line \(line) has a writer and \(copies.count - 1) other copies")
    }
    let owners = states.filter { $0 == .owned }.count
    if owners > (machine.coherence == .moesi ? 1 : 0) {
      violations.append("line \(line) has \(owners) owners")
    }
    let known = holders(of: line)
    if known != states.indices.filter({ states[$0] != .invalid }) {
      violations.append("line \(line): the directory names \(known)")
    }
    return violations
  }
}

/// What one access did to the caches.
public struct LineTransaction: Sendable, Hashable {
  /// Where the line came from.
  public enum Origin: Sendable, Hashable {
    /// The CPU had it.
    case own
    /// Another CPU's cache.
    case cpu(Int)
    /// The cache that all CPUs share.
    case sharedCache
    /// Memory.
    case memory
  }

  /// Where the line came from.
  public var origin = Origin.own
  /// Whether the CPU had to ask for the line to itself before it could write.
  public var isReadForOwnership = false
  /// The CPUs that lost their copies.
  public var invalidated: [Int] = []
  /// A line that had to make room in the CPU's own cache.
  public var evicted: Int?
  /// Whether a line went back to memory.
  public var writesBack = false
  /// Cycles until the access is done.
  public var latency: Int

  /// An access that was answered by the CPU's own cache.
  init(latency: Int) { self.latency = latency }
}
