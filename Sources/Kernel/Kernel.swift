internal import Machine

/// What belongs to no single primitive: warnings.
public enum Kernel {
  /// Says that something happened that a correct driver never causes (`WARN`), and goes on.
  ///
  /// A conductor decides what becomes of it. Natively it goes to the ``WarningLog`` of the caller,
  /// or to standard error.
  public static func warn(_ message: @autoclosure () -> String) {
    report(message())
  }

  /// Warns where the claim is false (`WARN_ON`).
  @inlinable @inline(__always)
  public static func warn(unless holds: Bool, _ message: @autoclosure () -> String) {
    if !holds { report(message()) }
  }

  /// Says that the caller may sleep here, whether or not it will (`might_sleep`).
  ///
  /// Natively it warns inside a read section, with preemption off or with interrupts off. With a
  /// conductor it does nothing: there only a sleep that happens is judged.
  public static func mightSleep() {
    guard Conductor.current == nil else { return }
    let isReader = KernelTask.current.isInReadSection
    warn(unless: !isReader && !Machine.isAtomicNatively, "sleeping in atomic context")
  }

  @usableFromInline @inline(never)
  static func report(_ message: String) {
    let claim = Expectation(false, message, severity: .warning)
    if Conductor.perform(.expectation(claim)) != nil { return }
    if let log = WarningLog.current { return log.append(message) }
    StandardError.write("warning: \(message)\n")
  }
}

/// Collects the warnings of one piece of native code instead of printing them.
public final class WarningLog: Sendable {
  @TaskLocal static var current: WarningLog?

  private let lines = Guarded<[String]>([])

  /// An empty log.
  public init() {}

  /// The messages so far.
  public var messages: [String] { lines.withLock { $0 } }

  /// Runs `body` and collects what it warns about on this thread.
  public func collect<Result>(_ body: () throws -> Result) rethrows -> Result {
    try WarningLog.$current.withValue(self, operation: body)
  }

  func append(_ message: String) { lines.withLock { $0.append(message) } }
}
