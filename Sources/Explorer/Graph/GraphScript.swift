/// The decisions that lead to one graph, in the order of a schedule: which lane goes on, and which
/// of the stores there are it reads or follows, counted back from the latest.
///
/// As text: `hashw.segment.segment…`; the hash is of the scenario's name and threads, a segment is
/// a lane in base 36 and two characters a decision: six bits of what it was, and what was decided.
/// Where running threads started others, two digits in base 36 for each of those stand before the
/// first point: the starter, and its how-manieth the thread is. Where there are handlers, segments
/// that begin with `~` name the words they were known to use, which say where they may fire.
struct GraphScript {
  struct Line {
    var lane: Int
    var check: UInt8
    var decision: UInt8
  }

  var lines: [Line] = []
  /// Where the lanes come from that no setup started, the lowest first.
  private(set) var origins: [GraphLanes.Origin] = []
  private(set) var handlerPlaces: [HandlerPlace] = []
  var position = 0
  private(set) var refusal: (step: Int, reason: String)?

  init() {}

  /// The decisions of a finished graph.
  init(
    _ schedule: GraphSchedule, places: GraphPlaces, lanes: GraphLanes,
    handlerPlaces: [HandlerPlace]
  ) {
    self.handlerPlaces = handlerPlaces
    var seen: [Int32: [Int32]] = [:]
    let graph = schedule.graph
    for number in schedule.order {
      let node = graph[number]
      var decision = 0
      switch node.kind {
      case .choice: decision = Int(node.value)
      case .read:
        let writes = seen[node.location] ?? []
        decision = writes.count - 1 - (writes.firstIndex(of: node.source) ?? -1)
      case .write:
        var writes = seen[node.location] ?? []
        let isAfter = writes.lastIndex { graph.precedes($0, number) } ?? -1
        decision = writes.count - 1 - isAfter
        writes.insert(number, at: isAfter + 1)
        seen[node.location] = writes
      default: continue
      }
      // The write half of an update has no decision of its own.
      if node.kind == .write, node.traits.contains(.update) { continue }
      lines.append(
        Line(
          lane: Int(node.lane), check: GraphScript.check(node, places),
          decision: UInt8(clamping: decision)))
    }
    origins = Array(lanes.startedLater(upTo: lines.map(\.lane).max() ?? 0))
  }

  static func check(_ node: GraphNode, _ places: GraphPlaces) -> UInt8 {
    var hash = Hash()
    hash.mix(UInt64(node.kind.rawValue))
    hash.mix(UInt64(UInt32(bitPattern: node.object)))
    hash.mix(UInt64(places.offset(of: node.location)))
    return ReplayName.check(hash.value)
  }

  mutating func refuse(_ reason: String) { refusal = (position + 1, reason) }

  // MARK: - Text

  func text(program: UInt32) -> String {
    var text = ReplayName.hex(program) + "w"
    for origin in origins {
      text += String(origin.starter, radix: 36) + String(origin.ordinal, radix: 36)
    }
    for place in handlerPlaces { text += ".~" + place.text }
    var last = -1
    for line in lines {
      if line.lane != last {
        text += "." + String(line.lane, radix: 36)
        last = line.lane
      }
      text.append(ReplayName.alphabet[Int(line.check)])
      text.append(ReplayName.alphabet[Int(min(line.decision, 63))])
    }
    return text
  }

  static func parse(_ text: String) -> (program: UInt32, script: GraphScript)? {
    let segments = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let head = segments.first, let end = head.firstIndex(of: "w"),
      let program = UInt32(head[..<end], radix: 16),
      let origins = parseOrigins(Array(head[head.index(after: end)...]))
    else { return nil }
    var script = GraphScript()
    script.origins = origins
    for segment in segments.dropFirst() {
      if segment.first == "~" {
        guard let place = HandlerPlace(segment.dropFirst()) else { return nil }
        script.handlerPlaces.append(place)
        continue
      }
      guard let first = segment.first, let lane = Int(String(first), radix: 36) else { return nil }
      let pairs = Array(segment.dropFirst())
      guard pairs.count.isMultiple(of: 2) else { return nil }
      for index in stride(from: 0, to: pairs.count, by: 2) {
        guard let check = ReplayName.alphabet.firstIndex(of: pairs[index]),
          let decision = ReplayName.alphabet.firstIndex(of: pairs[index + 1])
        else { return nil }
        script.lines.append(Line(lane: lane, check: UInt8(check), decision: UInt8(decision)))
      }
    }
    return (program, script)
  }

  private static func parseOrigins(_ digits: [Character]) -> [GraphLanes.Origin]? {
    guard digits.count.isMultiple(of: 2) else { return nil }
    let numbers = digits.compactMap { Int(String($0), radix: 36) }
    guard numbers.count == digits.count else { return nil }
    return stride(from: 0, to: numbers.count, by: 2).map {
      GraphLanes.Origin(starter: numbers[$0], ordinal: numbers[$0 + 1])
    }
  }
}

extension GraphConductor {
  /// The thread whose lane the script names next; nil at its end, or where it does not fit.
  func scriptedThread() -> GraphThread? {
    if let half = threads.first(where: { $0.state == .ready && isWriteHalf($0.operation) }) {
      return half
    }
    guard let script, script.position < script.lines.count else { return nil }
    let line = script.lines[script.position]
    let named = threads.dropFirst().first {
      $0.state == .ready && $0.lane == line.lane && $0.operation != nil
    }
    if named == nil { refuse("lane \(line.lane) cannot go on here") }
    return named
  }

  private func isWriteHalf(_ operation: GraphOperation?) -> Bool {
    guard let operation, case .write = operation.kind else { return false }
    return operation.node.traits.contains(.update)
  }

  private func refuse(_ reason: String) {
    script?.refuse(reason)
    ending = .diverged
  }

  /// Adds the operation in the way that the script says.
  func takeScripted(_ thread: GraphThread, _ operation: GraphOperation) -> Bool {
    let found = GraphGrowth(model: model, graph: graph, operation: operation).extensions()
      .filter(\.isForward)
    var chosen = found.first
    if !isWriteHalf(operation), let line = script?.lines[script?.position ?? 0] {
      guard line.check == GraphScript.check(operation.node, places) else {
        refuse("\(thread.name) is about to do something else")
        return false
      }
      chosen = found.first { decision(of: $0.graph, operation, thread) == Int(line.decision) }
      script?.position += 1
    }
    guard let chosen else {
      refuse("\(thread.name) cannot read or write that here")
      return false
    }
    graph = chosen.graph
    thread.operation = nil
    steps += 1
    return catchUp(thread, operation)
  }

  private func decision(
    of larger: ExecutionGraph, _ operation: GraphOperation, _ thread: GraphThread
  ) -> Int {
    let added = larger[larger.lanes[thread.lane][graph.lanes[thread.lane].count]]
    switch added.kind {
    case .choice: return Int(added.value)
    case .read: return distance(to: added.source, at: added.location)
    default: return distance(to: added.coherenceBefore, at: added.location)
    }
  }

  /// How many stores of the graph so far come after this one.
  private func distance(to write: Int32, at location: Int32) -> Int {
    var (count, latest) = (0, graph.last(of: location))
    while latest != write, latest >= 0 {
      count += 1
      latest = graph.previous(before: latest)
    }
    return count
  }
}
