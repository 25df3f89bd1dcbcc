/// How far a search has come: enough to go on with it, also in another process.
package struct SearchState: Sendable, Codable {
  /// What comes next.
  enum Ending: String, Sendable, Codable {
    /// More executions.
    case open
    /// Nothing: all were explored.
    case complete
    /// Nothing: as many were explored as may be.
    case limit
    /// Nothing: a rule was broken.
    case failed
    /// Nothing: the program is not deterministic.
    case diverged
    /// Nothing: what a handler uses turned out only now, so that everything begins anew.
    case learnt
  }

  /// The decisions of the next execution.
  var nodes: [SearchTree.Node] = []
  var ending = Ending.open
  package internal(set) var executions = 0
  package internal(set) var redundant = 0
  package internal(set) var steps = 0
  /// Whether some execution was longer than it may be.
  var wasCut = false
  /// Outcomes that the scenario noted.
  var outcomes: [String: Int] = [:]
  /// The schedule that broke a rule.
  var failing: SavedSchedule?
  /// The first schedule with a free that nothing orders.
  var suspicious: SavedSchedule?
  /// Executions since then.
  var afterSuspicion = 0
  /// What was seen of the order of locks.
  var lockFacts: [LockFact] = []
  /// What a part of a search wants of the whole.
  var requests: [SearchTree.Request] = []
  /// What handlers were seen to use before the search began, in order.
  var handlerPlaces: [HandlerPlace] = []

  package init() {}

  /// Executions, the redundant ones included.
  package var turns: Int { executions + redundant }

  /// Whether there is more to explore for somebody with more time.
  package var canGoOn: Bool { ending == .open || ending == .limit && suspicious == nil }

  /// The same state for a search that may go on.
  package var reopened: SearchState {
    var state = self
    if canGoOn { state.ending = .open }
    return state
  }

  /// About how many executions there are, judged by the part of the tree that lies behind.
  ///
  /// Each decision divides what lies below it evenly among its alternatives, as far as they are
  /// known. That is a guess: subtrees differ, and alternatives turn up late (Kilby, Slaney,
  /// Thiébaux and Walsh, AAAI 2006, compare such guesses).
  package var estimate: Int? {
    var share = 1.0
    var behind = 0.0
    for node in nodes {
      let (tried, all) = node.alternatives
      behind += share * Double(tried) / Double(all)
      share /= Double(all)
    }
    guard executions > 0, behind > 0 else { return nil }
    let guess = Double(executions) / behind
    guard guess < 1e15 else { return nil }
    return max(Self.rounded(guess), executions + 1)
  }

  /// Two digits are more than a guess knows.
  private static func rounded(_ guess: Double) -> Int {
    var unit = 1.0
    while guess / unit >= 100 { unit *= 10 }
    return Int((guess / unit).rounded() * unit)
  }
}

/// A schedule as plain values.
struct SavedSchedule: Sendable, Codable, Equatable {
  var threads: [UInt8]
  var choices: [UInt64]

  /// The way to an execution graph.
  init(wayTo graph: [SearchTree.Node]) {
    threads = []
    choices = graph.map { UInt64($0.chosen) }
  }

  init(_ script: Script) {
    threads = script.lines.map { UInt8($0.thread) }
    choices = script.choices
  }

  var script: Script {
    Script(lines: threads.map { Script.Line(thread: Int($0), check: nil) }, choices: choices)
  }
}

extension SearchTree.Node {
  /// How many alternatives were tried before this one, of how many that are known.
  fileprivate var alternatives: (tried: Int, all: Int) {
    switch kind {
    case .choice(let limit): return (chosen, Int(clamping: limit))
    case .schedule:
      let open = (wanted | 1 << UInt32(chosen)) & ~sleeping
      return ((done & open).nonzeroBitCount, max(open.nonzeroBitCount, 1))
    }
  }
}

/// Seven numbers a decision: a deep search stays a short text.
extension SearchTree.Node: Codable {
  init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    let limit = try values.decode(UInt64.self)
    let chosen = try values.decode(Int.self)
    self.init(kind: limit == 0 ? .schedule : .choice(limit: limit), chosen: chosen)
    enabled = try values.decode(UInt32.self)
    wanted = try values.decode(UInt32.self)
    done = try values.decode(UInt32.self)
    sleeping = try values.decode(UInt32.self)
    signature = try values.decode(UInt32.self)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    if case .choice(let limit) = kind { try values.encode(limit) } else { try values.encode(0) }
    try values.encode(chosen)
    for number in [enabled, wanted, done, sleeping, signature] { try values.encode(number) }
  }
}
