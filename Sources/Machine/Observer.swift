/// Watches what a conducted run does and decides nothing.
///
/// It is told of steps in the order in which they happen. It must not use the machine.
public protocol Observer: AnyObject {
  /// A thread has taken a step, or begins to wait for one.
  func observe(_ step: ObservedStep)
}

/// One thing that an observer is told.
public struct ObservedStep: Sendable {
  /// What is told about the event.
  public enum Moment: Sendable {
    /// It has happened.
    case done
    /// The thread has tried, and waits until it can happen.
    case waits
    /// It has happened while no thread runs: in the setup, or in the final checks.
    case outsideThreads
  }

  /// What happens.
  public let event: Event
  /// What it returned; 0 for a wait.
  public let result: UInt64
  /// The CPU it happens on.
  public let cpu: Int
  /// Whether it has happened.
  public let moment: Moment
  /// Whether the thread had to wait before it happened.
  public let hasWaited: Bool

  /// Describes a step.
  public init(
    _ event: Event, result: UInt64 = 0, cpu: Int, moment: Moment = .done, hasWaited: Bool = false
  ) {
    self.event = event
    self.result = result
    self.cpu = cpu
    self.moment = moment
    self.hasWaited = hasWaited
  }
}
