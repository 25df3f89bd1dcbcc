internal import Machine

/// Keeps what a report needs of each node while a finished graph is repeated once more.
final class GraphRecorder {
  struct Record {
    var thread: Int
    var event: String
    var site: Site
    /// The first node of the event stands for all of them.
    var isFirst: Bool
    /// Whether the event is one that waits.
    var canWait: Bool
  }

  private let namesLines: Bool
  private(set) var records: [Int32: Record] = [:]
  private var pending: [Int: Record] = [:]
  /// The handlers that fired, by the node at which they did.
  private(set) var handlers: [Int32: GraphThread] = [:]

  init(namesLines: Bool) { self.namesLines = namesLines }

  func willTake(_ event: Event, by thread: GraphThread, arena: Arena) {
    pending[thread.index] = Record(
      thread: thread.index, event: StepDescription(arena: arena).text(of: event),
      site: namesLines ? .here() : .unknown, isFirst: true, canWait: GraphRecorder.canWait(event))
  }

  private static func canWait(_ event: Event) -> Bool {
    switch event {
    case .acquire, .spin, .park, .graceBarrier: true
    default: false
    }
  }

  /// The event that a thread has begun and could not do.
  func unfinished(_ thread: Int) -> Record? {
    pending[thread].flatMap { $0.isFirst && $0.canWait ? $0 : nil }
  }

  func didEnter(_ node: Int32, _ handler: GraphThread) { handlers[node] = handler }

  func didTake(_ node: Int32, by thread: GraphThread) {
    guard let record = pending[thread.index] else { return }
    records[node] = record
    pending[thread.index]?.isFirst = false
  }
}
