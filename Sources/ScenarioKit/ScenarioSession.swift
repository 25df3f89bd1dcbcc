internal import CConfinement
import Explorer
internal import Glibc
// Native only: nothing here runs under a conductor.
internal import Synchronization

/// The program's side of `fencelab explore`, `replay` and `play`.
final class ScenarioSession: Sendable {
  /// nil where the program was started by somebody else.
  static let current: ScenarioSession? = {
    // Safety: the string is only compared, before any thread could change the environment.
    guard unsafe getenv(ScenarioDescriptor.variable) != nil, let lines = OrderLines() else {
      return nil
    }
    // Whoever started us may be killed, and nobody else would end a long search.
    fl_end_with_parent()
    guard let request = lines.next(ScenarioRequest.self) else {
      preconditionFailure("a request that cannot be read")
    }
    let session = ScenarioSession(request, lines)
    atexit { ScenarioSession.current?.finish() }
    signal(SIGINT) { _ in ScenarioSession.interrupts.add(1, ordering: .relaxed) }
    return session
  }()

  /// How often somebody asked for an early end.
  private static let interrupts = Atomic(0)
  static var interruptCount: Int { interrupts.load(ordering: .relaxed) }

  private let request: ScenarioRequest
  private let lines: OrderLines
  private let last = Atomic(0)
  private let ended = Mutex<[ExplorationReport]>([])

  private init(_ request: ScenarioRequest, _ lines: OrderLines) {
    self.request = request
    self.lines = lines
  }

  func explore(
    _ name: String, _ options: ExplorationOptions, _ scenario: @escaping @Sendable (Lab) -> Void
  ) -> ExplorationReport {
    let index = last.add(1, ordering: .relaxed).newValue
    switch request.task {
    case .explore: return search(index, name, options, scenario)
    case .replay(let wanted, let schedule) where wanted == index:
      FrameLine.send(.replayed(Explorer::replay(schedule, of: name, scenario)))
    case .play(let wanted) where wanted == index:
      let game = Explorer::Game(name, scenario)
      while case .moves(let moves) = lines.next(PlayOrder.self) {
        FrameLine.send(.position(game.position(after: moves)))
      }
    case .replay, .play: break
    }
    return ExplorationReport(unexplored: name)
  }

  private func search(
    _ index: Int, _ name: String, _ wanted: ExplorationOptions,
    _ scenario: @escaping @Sendable (Lab) -> Void
  ) -> ExplorationReport {
    let earlier = request.checkpoint?.ended ?? []
    if index <= earlier.count { return note(index, earlier[index - 1]) }
    let isContinued = index == earlier.count + 1
    var options = wanted
    options.jobs = request.jobs
    options.seed = request.seed
    if request.isWeak { options.memory = .weak }
    let start = isContinued ? request.checkpoint?.open?.reopened : nil
    if let executionsMax = request.executionsMax {
      options.executionsMax = executionsMax + (start?.turns ?? 0)
    }
    options.randomSchedulesMax = Limits.randomSchedulesMax
    let watch = SearchWatch(index, name, request, ended.withLock { $0 })
    let report = Explorer::explore(
      name, options: options, watchedBy: watch.monitor(start: start), scenario)
    return note(index, report)
  }

  private func note(_ index: Int, _ report: ExplorationReport) -> ExplorationReport {
    ended.withLock { $0.append(report) }
    FrameLine.send(.explored(index: index, report: report))
    return report
  }

  private func finish() {
    FrameLine.send(.finished(explorations: last.load(ordering: .relaxed)))
  }
}
