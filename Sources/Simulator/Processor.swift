import Machine

/// A virtual CPU, or a processor of a device that runs threads of its own.
final class Processor {
  let name: String
  /// Whether the threads it runs are drawn; a device draws what it does itself.
  let drawsThreads: Bool
  /// How far it has come.
  var time: UInt64 = 0
  /// What it runs; each entry has interrupted the one before.
  var running: [VirtualThread] = []
  /// Tasks that want to run, in the order in which they became ready.
  var ready: [VirtualThread] = []
  /// Raised and not yet delivered, in the order in which they were raised.
  var interrupts: [VirtualThread] = []
  var softirqs: [VirtualThread] = []

  /// What it would do next, and when; out of date while `isStale`.
  private(set) var nextStep = Step.nothing
  private(set) var nextTime: UInt64 = 0
  /// Whether something has changed since it looked ahead.
  var isStale = true

  init(name: String, drawsThreads: Bool) {
    self.name = name
    self.drawsThreads = drawsThreads
  }

  var acceptsInterrupts: Bool {
    guard let top = running.last else { return true }
    return top.context != .interrupt && top.interruptsOff == 0
  }

  var acceptsSoftirqs: Bool {
    guard let top = running.last else { return true }
    return top.context == .task && top.interruptsOff == 0 && top.softirqsOff == 0
  }
}

extension Processor {
  /// Something that a processor can do.
  enum Step: Equatable {
    case nothing
    case goOn
    case deliver
    case deliverSoftirq
    case dispatch(index: Int)
  }

  /// Finds out what it would do next, and when.
  func lookAhead() {
    isStale = false
    nextStep = .nothing
    if acceptsInterrupts, let handler = interrupts.first { offer(handler.readyAt, .deliver) }
    if acceptsSoftirqs, let handler = softirqs.first { offer(handler.readyAt, .deliverSoftirq) }
    guard let top = running.last else { return offerReadyTask() }
    if top.block == nil { return offer(top.readyAt, .goOn) }
    // A task that spins with preemption on gives way, or nobody could end its wait.
    if !top.isAtomic && top.readSections == 0 { offerReadyTask() }
  }

  private func offerReadyTask() {
    let index = ready.indices.min { ready[$0].readyAt < ready[$1].readyAt }
    if let index { offer(ready[index].readyAt, .dispatch(index: index)) }
  }

  /// Takes the offer if it comes before what is known; at equal times the first one stays.
  private func offer(_ readyAt: UInt64, _ step: Step) {
    let offered = max(readyAt, time)
    guard nextStep == .nothing || offered < nextTime else { return }
    (nextStep, nextTime) = (step, offered)
  }
}
