/// The decisions of the current execution, and at each what is still to be tried.
///
/// Depth-first: an execution follows the stored decisions, makes new ones at its end, and
/// `advance` turns to the deepest decision that has an alternative. With reduction the
/// alternatives are those that a race asked for (see `wantAlternatives`), less the
/// sleeping ones (Godefroid 1996), whose executions are equivalent to explored ones.
struct SearchTree {
  struct Node: Equatable {
    enum Kind: Equatable { case schedule, choice(limit: UInt64) }
    var kind: Kind
    /// The thread or the value that is being explored.
    var chosen: Int
    /// One bit a thread, for each of the following.
    var enabled: UInt32 = 0
    var wanted: UInt32 = 0
    var done: UInt32 = 0
    var sleeping: UInt32 = 0
    /// What the chosen step looked like, to notice a program that is not deterministic.
    var signature: UInt32 = 0
  }

  /// What the tree says about the next decision.
  enum Decision {
    case run(Int)
    /// Every enabled thread sleeps: all that could follow has been explored.
    case redundant
    /// The stored decision cannot be followed.
    case diverged
  }

  let reduction: ExplorationOptions.Reduction
  private(set) var nodes: [Node] = []
  /// How many decisions of the current execution have been made.
  private(set) var depth = 0
  /// The sleeping threads for the next new decision.
  private var sleepers: UInt32 = 0
  /// Decisions before this one belong to another search, of which this one explores a part.
  private(set) var floor = 0
  /// What this part wants tried at those decisions, in order and each once.
  private(set) var requests: [Request] = []
  private var known: Set<Request> = []

  /// A call of `want` that another search must make.
  struct Request: Hashable, Codable {
    var decision: Int
    var candidates: UInt32
    var preferred: Int
  }

  init(reduction: ExplorationOptions.Reduction) { self.reduction = reduction }

  /// Goes on where some search was, with the decisions before `floor` not to be changed.
  mutating func restore(_ nodes: [Node], floor: Int, requests: [Request]) {
    self.nodes = nodes
    self.floor = floor
    self.requests = requests
    known = Set(requests)
  }

  /// Puts the decisions of a part below the first `floor` ones.
  mutating func graft(_ part: [Node], at floor: Int) {
    nodes.replaceSubrange(floor..., with: part[floor...])
  }

  /// Whether the current decision repeats an earlier execution.
  var isFollowing: Bool { depth < nodes.count }
  /// Whether races found now were already noted when the same steps ran before.
  var isBeforeLastDecision: Bool { depth < nodes.count - 1 }

  mutating func beginExecution() {
    depth = 0
    sleepers = 0
  }

  /// Decides which of the enabled threads steps next.
  mutating func decide(enabled: UInt32, preferred: Int, signature: (Int) -> UInt32) -> Decision {
    if isFollowing {
      let node = nodes[depth]
      guard case .schedule = node.kind, enabled & (1 << UInt32(node.chosen)) != 0 else {
        return .diverged
      }
      let seen = signature(node.chosen)
      if node.signature == 0 {
        nodes[depth].signature = seen
      } else if node.signature != seen {
        return .diverged
      }
      return .run(node.chosen)
    }
    let awake = enabled & ~sleepers
    guard awake != 0 else { return .redundant }
    let keepsRunning = preferred >= 0 && awake & (1 << UInt32(preferred)) != 0
    let chosen = keepsRunning ? preferred : awake.trailingZeroBitCount
    nodes.append(
      Node(
        kind: .schedule, chosen: chosen, enabled: enabled,
        wanted: reduction == .none ? enabled : 1 << UInt32(chosen), sleeping: sleepers,
        signature: signature(chosen)))
    return .run(chosen)
  }

  /// The chosen thread has stepped: whoever's next step depends on it wakes up.
  ///
  /// - Returns: The number of the decision that the step belongs to.
  mutating func didStep(isIndependent: (Int) -> Bool) -> Int {
    let node = nodes[depth]
    depth += 1
    guard depth == nodes.count, reduction == .dynamic else { return depth - 1 }
    var asleep = (node.sleeping | node.done) & ~(1 << UInt32(node.chosen))
    sleepers = 0
    while asleep != 0 {
      let thread = asleep.trailingZeroBitCount
      asleep &= asleep - 1
      if isIndependent(thread) { sleepers |= 1 << UInt32(thread) }
    }
    return depth - 1
  }

  /// Decides an open choice of the program.
  mutating func choose(below limit: UInt64) -> UInt64? {
    if isFollowing {
      guard case .choice = nodes[depth].kind else { return nil }
    } else {
      nodes.append(Node(kind: .choice(limit: limit), chosen: 0, sleeping: sleepers))
    }
    if depth == nodes.count - 1 { sleepers = nodes[depth].sleeping }
    depth += 1
    return UInt64(nodes[depth - 1].chosen)
  }

  /// Adds a decision at the end, with its first alternative taken.
  mutating func append(_ kind: Node.Kind) { nodes.append(Node(kind: kind, chosen: 0)) }

  /// Wants one of `candidates` tried at a decision, or all enabled threads if there is none.
  mutating func want(_ candidates: UInt32, preferring thread: Int, at decision: Int) {
    guard decision >= floor else {
      let request = Request(decision: decision, candidates: candidates, preferred: thread)
      if known.insert(request).inserted { requests.append(request) }
      return
    }
    let possible = candidates & nodes[decision].enabled
    if possible & nodes[decision].wanted != 0 { return }
    if possible & (1 << UInt32(thread)) != 0 {
      nodes[decision].wanted |= 1 << UInt32(thread)
    } else if possible != 0 {
      nodes[decision].wanted |= 1 << UInt32(possible.trailingZeroBitCount)
    } else {
      nodes[decision].wanted |= nodes[decision].enabled
    }
  }

  /// Turns to the next untried alternative.
  ///
  /// - Returns: false when everything has been tried.
  mutating func advance() -> Bool {
    while nodes.count > floor, let node = nodes.last {
      let last = nodes.count - 1
      switch node.kind {
      case .choice(let limit):
        if UInt64(node.chosen) + 1 < limit {
          nodes[last].chosen += 1
          return true
        }
      case .schedule:
        nodes[last].done |= 1 << UInt32(node.chosen)
        let untried = node.wanted & ~nodes[last].done & ~node.sleeping
        if untried != 0 {
          nodes[last].chosen = untried.trailingZeroBitCount
          nodes[last].signature = 0
          return true
        }
      }
      nodes.removeLast()
    }
    return false
  }
}
