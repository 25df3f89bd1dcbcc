import Kernel
import Machine
import Scheduler
import Simulator
import Testing

/// A scheduler and its device in virtual time.
struct MockWorld {
  let scheduler: JobScheduler
  let device: MockDevice

  init(_ change: (inout SchedulerOptions) -> Void = { _ in }, processor: Int? = 2) {
    var options = SchedulerOptions()
    options.hangLimit = 1
    change(&options)
    device = MockDevice(processor: processor)
    scheduler = JobScheduler.make(options, backEnd: device)
  }

  func entity(_ priority: Priority = .normal) -> Entity {
    Entity.make(on: scheduler, priority: priority)
  }

  func end() {
    scheduler.destroy()
    device.destroy()
  }
}

/// Simulates one client on a machine with a CPU for the worker, one for the clients, and a device.
@discardableResult func simulate(
  _ title: String,
  processors: [Simulation.Processor] = [.cpu("cpu 0"), .cpu("cpu 1"), .device("gpu")],
  _ body: @escaping @Sendable () -> Void
) -> SimulationReport {
  let report = Simulation.run(title, processors: processors) { lab in
    lab.thread("client", cpu: 1, body)
  }
  #expect(
    report.isClean,
    """
    \(report.failures.prefix(3)), stuck: \(report.stuck.prefix(3)), leaks: \
    \(Dictionary(grouping: report.leaks) { $0 }.mapValues(\.count)), cut: \(report.isCut)
    """)
  return report
}

/// Numbers that look random and are the same in every run.
struct Lottery {
  private var state: UInt64 = 1

  mutating func next(in range: ClosedRange<UInt64>) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + (state >> 33) % (range.upperBound - range.lowerBound + 1)
  }
}

/// Lets virtual time pass.
func pass(microseconds: UInt64) { Machine.delay(nanoseconds: microseconds * 1_000) }
