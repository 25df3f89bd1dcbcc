internal import ExerciseKit

/// The ceilings of this target, and what each one costs.
public enum Limits {
  /// Wall-clock time of one exercise's checks: for what waits and computes nothing.
  ///
  /// Much longer than the processor time below, so that a busy machine changes no verdict.
  public static let wallMillisecondsMax = 30_000
  /// Processor time of one exercise's checks; the kernel's own answer to an endless loop.
  ///
  /// A pass takes well under a second, so whoever computes this long has no end.
  public static let cpuSecondsMax = 10
  /// Address space of the child: stacks, arenas and the search's books fit many times over.
  public static let memoryBytesMax = 1 << 30
  /// What the child may print before it is stopped; a page of prints is far below.
  public static let outputBytesMax = 1 << 20
  /// What the child may report: schedules of many steps fit.
  public static let frameBytesMax = 16 << 20
  /// Bytes of an answer: the longest of ours has a twentieth of it.
  public static let submissionBytesMax = 256 << 10
  /// Time for one compiler or linker call; the first one of a toolchain builds its module cache.
  static let compilerMillisecondsMax = 120_000
  /// The same for an answer's own text: a hundred times what ours take, so whoever waits this long
  /// has written something that grows without bounds in the type checker.
  static let answerCompilerMillisecondsMax = 30_000
  /// Seconds the type checker may spend on one expression.
  static let expressionSecondsMax = 5
  /// Compiled checks that are kept for one exercise; each takes some 200 KiB.
  static let compiledChecksMax = 8
  /// Complaints of the compiler that are kept; the first is shown, the others on demand.
  static let diagnosticsMax = 20
  /// Lines of a report.
  public static let reportLinesMax = 25
  /// Columns of a report.
  public static let reportColumnsMax = 100

  static let resources = ResourceLimits(
    // Later than ours, so that it only rings where nobody listens any more.
    wallSeconds: UInt32(wallMillisecondsMax / 1000 + 5), cpuSeconds: UInt64(cpuSecondsMax),
    memoryBytes: UInt64(memoryBytesMax), fileBytes: 0)
}
