public import Explorer
internal import Machine

/// A question that the maintainers argue about: the designs, the work that runs over all of them,
/// and what each design claims for itself.
public struct Debate: Sendable {
  /// The name of its page in `Documentation/Debates`, without the ending.
  public let name: String
  /// The question in one sentence.
  public let question: String
  /// What runs over every design.
  public let workloads: [Workload]
  /// What is counted for every design, beside the races.
  public let probe: Probe
  /// Upstream's first.
  public let designs: [Design]
  /// The columns that explore nothing.
  var measures = Measure.common
  /// Counts anew what was said about numbers.
  var claims: @Sendable () -> [CountedClaim] = { [] }

  /// Every debate that can be compared, in the order of the lessons.
  public static let all = [
    whoseLock, operationsUnderRCU, theSignaledBit, whatACacheLineCosts, signalWithError,
  ]

  /// The debate of this name, or of the name without an article; nil where there is none.
  public static func named(_ name: String) -> Debate? {
    all.first { $0.name == name } ?? all.first { $0.shortName == name }
  }

  /// The name without an article or a question word.
  private var shortName: String {
    for word in ["the-", "what-a-"] where name.hasPrefix(word) {
      return String(name.dropFirst(word.count))
    }
    return name
  }

  /// The design of this name; nil where there is none.
  public func design(named name: String) -> Design? { designs.first { $0.name == name } }
}

/// A small program in which the designs can differ.
public struct Workload: Sendable {
  /// Names its column.
  public let name: String
  /// What a design that passes keeps, as a sentence.
  public let claim: String
  /// The memories it is explored on.
  public var memories: [ExplorationOptions.Memory] = [.sequential, .weak]
  /// Builds the world.
  let scenario: @Sendable (Lab) -> Void

  init(
    _ name: String, _ claim: String,
    memories: [ExplorationOptions.Memory] = [.sequential, .weak],
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) {
    self.name = name
    self.claim = claim
    self.memories = memories
    self.scenario = scenario
  }
}

/// One operation whose steps are counted.
public struct Probe: Sendable {
  /// The operation, in words.
  public let name: String
  /// Prepares it, and sees to what it leaves behind.
  let operation: Operation

  /// Makes an operation that can be done again and again, on any CPU.
  typealias Operation = @Sendable (Lab) -> @Sendable () -> Void

  init(_ name: String, _ operation: @escaping Operation) {
    self.name = name
    self.operation = operation
  }
}
