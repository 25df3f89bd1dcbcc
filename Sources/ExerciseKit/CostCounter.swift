internal import CacheModel
internal import Explorer
internal import Fences
internal import Machine

/// Counts what a run takes; setup and final checks are free.
final class CostCounter: Observer {
  private let model = CacheModel(CacheMachine(cpuCount: Explorer::Limits.cpuCountMax))
  private var updates = 0
  private var barriers = 0

  init() {
    let fields = FenceStorage.fieldOffsets.map { (name: $0.field, offset: Int($0.bytes)) }
    model.name(fields, of: "FenceStorage")
  }

  func observe(_ step: ObservedStep) {
    model.observe(step)
    guard step.moment == .done else { return }
    switch step.event {
    case .access(let access): count(access)
    case .acquire, .tryAcquire: updates += 1
    case .barrier(let kind, _): if kind != .compiler { barriers += 1 }
    case .membarrier: barriers += 1
    default: break
    }
  }

  private func count(_ access: Access) {
    switch access.kind {
    case .load: if access.loadOrdering == .full { barriers += 1 }
    case .store: if access.storeOrdering == .full { barriers += 1 }
    case .exchange, .compareExchange, .add, .or, .and: updates += 1
    }
  }

  var cost: Cost {
    Cost(updates: updates, barriers: barriers, transfers: model.report.total.misses)
  }

  /// Which records moved how often, most first, and whose neighbour was to blame.
  var whereLinesMoved: String {
    let report = model.report
    let moved = report.fields.filter { $0.counts.misses > 0 }
      .sorted { ($1.counts.misses, $0.line) < ($0.counts.misses, $1.line) }
      .prefix(3).map { "\($0.object).\($0.field) (\($0.counts.misses))" }
    var text = "Moved most: " + moved.joined(separator: ", ") + "."
    if let pair = report.falseSharing.max(by: { $0.misses < $1.misses }) {
      text += " \(pair.missed) was missed only because \(pair.written) was written."
    }
    return text
  }
}
