/// What a run cost, in plain values: tables, JSON and claims are made from it.
public struct CacheReport: Sendable, Hashable {
  /// One field of one object.
  public struct Field: Sendable, Hashable {
    /// The line it lies in.
    public let line: Int
    /// The object, by type and the order of its allocation.
    public let object: String
    /// The field's name.
    public let field: String
    /// What accesses to it did.
    public let counts: CacheCounts
  }

  /// A word that was missed although nobody had written it.
  public struct FalseSharing: Sendable, Hashable {
    /// The line.
    public let line: Int
    /// The field that was missed.
    public let missed: String
    /// The neighbour whose write took the line away.
    public let written: String
    /// How often.
    public let misses: Int
  }

  /// The machine that was modelled.
  public let machine: CacheMachine
  /// The fields, in the order of first access.
  public let fields: [Field]
  /// Who misses what because of which neighbour.
  public let falseSharing: [FalseSharing]
  /// What each CPU did.
  public let cpus: [CacheCounts]
  /// Full barriers that are no access.
  public let barriers: Int
  /// Cycles that CPUs waited in barriers for their own stores.
  public let barrierStallCycles: Int
  /// How long each CPU was busy with accesses.
  public let cycles: [Int]

  /// Everything together.
  public var total: CacheCounts { sum { _ in true } }

  /// The lines that were touched, in order.
  public var lines: [Int] { Set(fields.map(\.line)).sorted() }

  /// What accesses to one line did.
  public func counts(ofLine line: Int) -> CacheCounts { sum { $0.line == line } }

  /// What accesses to one field of one object did, or nothing where it was never touched.
  public func counts(of field: String, in object: String) -> CacheCounts {
    sum { $0.field == field && $0.object == object }
  }

  private func sum(_ isWanted: (Field) -> Bool) -> CacheCounts {
    fields.filter(isWanted).reduce(into: CacheCounts()) { $0 += $1.counts }
  }
}

// MARK: - As text

extension CacheReport: CustomStringConvertible {
  /// One row a field and one a line, at most 78 columns wide.
  public var description: String {
    var rows = [Self.row("line  field", Self.columns)]
    for line in lines {
      for field in fields where field.line == line {
        rows.append(Self.row("\(line)  \(field.object).\(field.field)", field.counts.cells))
      }
    }
    rows.append(Self.row("all", total.cells))
    rows += falseSharing.map {
      "line \($0.line): \($0.missed) missed \($0.misses) times because of \($0.written)"
    }
    return rows.joined(separator: "\n")
  }

  private static let columns = ["reads", "writes", "own", "lost", "moved", "stalls"]

  private static func row(_ title: String, _ cells: [String]) -> String {
    let padding = String(repeating: " ", count: max(1, 30 - title.count))
    let numbers = cells.map { String(repeating: " ", count: max(1, 8 - $0.count)) + $0 }
    return title + padding + numbers.joined()
  }
}

extension CacheCounts {
  fileprivate var cells: [String] {
    [reads, writes, readsForOwnership, invalidations, transfers, stallCycles].map(String.init)
  }
}
