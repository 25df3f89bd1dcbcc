internal import Machine

/// Takes labelled orderings of a program away, and remembers which ones the program uses.
///
/// Only executions over graphs ask, so weakening needs ``ExplorationOptions/Memory/weak``.
public final class Weakening: @unchecked Sendable {
  // Safety: @unchecked Sendable because one exploration uses it, on one OS thread.

  /// A labelled ordering, by where it stands.
  public struct Site: Hashable, Sendable {
    /// The edge that it is an end of.
    public let label: String
    /// The line of the call in its file.
    public let line: Int

    /// The ordering at a line.
    public init(label: String, line: Int) {
      self.label = label
      self.line = line
    }
  }

  /// Whether a failure is written down as a schedule, which takes most of the time.
  let explainsFailures: Bool
  private let isWeakened: (label: String, line: UInt32)?
  private var seen: [UInt32: [StaticString]] = [:]

  /// Takes one ordering away, or none.
  public init(_ site: Site? = nil, explainsFailures: Bool = false) {
    self.explainsFailures = explainsFailures
    isWeakened = site.map { ($0.label, UInt32($0.line)) }
  }

  /// The orderings that the program asked for so far.
  public var sites: Set<Site> {
    Set(
      seen.flatMap { line, labels in
        labels.map { Site(label: $0.description, line: Int(line)) }
      })
  }

  /// The event as it is without the ordering, or nil where nothing is left of it.
  func apply(to event: Event) -> Event? {
    guard let edge = event.edge, edge.label.utf8CodeUnitCount > 0 else { return event }
    note(edge)
    guard let site = isWeakened, site.line == edge.line, edge.label.description == site.label
    else { return event }
    return event.relaxed
  }

  private func note(_ edge: Edge) {
    let name = edge.label.description
    guard !seen[edge.line, default: []].contains(where: { $0.description == name }) else { return }
    seen[edge.line, default: []].append(edge.label)
  }
}

extension Event {
  /// The edge that the event is an end of.
  fileprivate var edge: Edge? {
    switch self {
    case .access(let access): access.edge
    case .barrier(_, let edge), .membarrier(let edge): edge
    case .spin(let condition): condition.edge
    default: nil
    }
  }

  /// The event without its ordering; a barrier is nothing then.
  fileprivate var relaxed: Event? {
    switch self {
    case .access(let access):
      return .access(
        Access(
          address: access.address, width: access.width, kind: access.kind, mark: access.mark,
          operand: access.operand, expected: access.expected, edge: access.edge,
          dependencies: access.dependencies))
    case .spin(let condition):
      return .spin(
        Condition(
          address: condition.address, width: condition.width, mask: condition.mask,
          value: condition.value, mustBeEqual: condition.mustBeEqual, ordering: .relaxed,
          edge: condition.edge))
    default: return nil
    }
  }
}
