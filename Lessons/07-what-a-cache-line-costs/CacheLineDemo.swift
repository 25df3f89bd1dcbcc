import CacheModel
import Fences
import Machine
package import Simulator
public import Timeline

/// Lesson 07: three CPUs look at one signaled fence, first by reading its bit, then under its lock.
///
/// The tracks below the CPUs show what each cache has of the fence's line.
public enum CacheLineDemo {
  private static let cpuCount = 3
  private static let turn: UInt64 = 100

  /// Runs the demo and returns what happened.
  public static func run() -> Timeline { report().timeline }

  /// The whole report, for tests.
  package static func report() -> SimulationReport {
    let model = CacheModel(CacheMachine(cpuCount: cpuCount))
    let caches = (0..<cpuCount).map { Simulation.Processor.device("cache \($0)") }
    return Simulation.run(
      "Three CPUs read a signaled bit, then ask for it under the lock",
      processors: (0..<cpuCount).map { .cpu("cpu \($0)") } + caches, observers: [model]
    ) { run in
      let fence = Fence.make(operations: CacheLineScenarios.driver, context: 1, seqno: 1)
      fence.signal()
      let drawing = LineDrawing(model, fence, run.recorder)
      for cpu in 0..<cpuCount {
        for round in 0..<2 {
          declare("flag", run, cpu, turn: round * cpuCount + cpu, drawing) {
            _ = fence.testSignaledFlag()
          }
          declare("lock", run, cpu, turn: (2 + round) * cpuCount + cpu, drawing) {
            fence.withLock { _ = fence.testSignaledFlag() }
          }
        }
      }
      run.finally { fence.put() }
    }
  }

  private static func declare(
    _ name: String, _ run: Simulation, _ cpu: Int, turn number: Int, _ drawing: LineDrawing,
    _ look: @escaping @Sendable () -> Void
  ) {
    run.thread(name, cpu: cpu, at: UInt64(number) * turn) {
      look()
      drawing.update(at: Machine.clock())
    }
  }
}

/// Draws what each cache has of one line, whenever it has changed.
private final class LineDrawing {
  private let model: CacheModel
  private let fence: Fence
  private let recorder: TimelineRecorder
  private var drawn: [LineState]

  init(_ model: CacheModel, _ fence: Fence, _ recorder: TimelineRecorder) {
    (self.model, self.fence, self.recorder) = (model, fence, recorder)
    drawn = Array(repeating: .invalid, count: model.machine.cpuCount)
  }

  func update(at time: UInt64) {
    let states = model.states(ofLineAt: fence.machineAddress)
    for (cpu, state) in states.enumerated() where state != drawn[cpu] {
      let track = "cache \(cpu)"
      recorder.closeLatest(on: track, at: time)
      guard state != .invalid else { continue }
      _ = recorder.open(
        state.word, on: track, at: time, kind: state == .modified ? .work : .wait)
    }
    drawn = states
  }
}

// Safety: all callers are coroutines of one OS thread.
extension LineDrawing: @unchecked Sendable {}

extension LineState {
  /// The state in a word.
  fileprivate var word: String {
    switch self {
    case .modified: "modified"
    case .owned: "owned"
    case .exclusive: "exclusive"
    case .shared: "shared"
    case .invalid: ""
    }
  }
}
