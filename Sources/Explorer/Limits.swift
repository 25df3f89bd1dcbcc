/// The ceilings of this target, and what each one costs.
public enum Limits {
  /// Virtual threads of one execution, interrupts and deferred frees included: a vector clock is
  /// one 64-byte vector register's worth of counters.
  public static let threadCountMax = 16
  /// Virtual CPUs.
  public static let cpuCountMax = 8
  /// Bytes that one virtual thread may allocate in one execution.
  public static let arenaBytesPerThread = 64 * 1024
  /// Stack of a virtual thread.
  ///
  /// Only touched pages cost memory.
  public static let stackBytes = 256 * 1024
  /// Steps of one execution.
  public static let stepsMax = 20_000
  /// Executions of one exploration.
  public static let executionsMax = 5_000_000
  /// Executions between two looks at the clock, the keyboard and the other processes.
  public static let executionsBetweenPauses = 64
  /// A search this short is over before other processes could help.
  public static let executionsBeforeJobs = 512
  /// Processes of one search.
  public static let jobsMax = 64
  /// A loop with this many equal turns is taken to wait for one of the values it read to change.
  public static let sameTurnsMax = 8
  /// Steps that an execution which is over may take to come to its end.
  public static let drainStepsMax = 20_000
  /// States that the search for the witness with the fewest switches may visit.
  public static let witnessStatesMax = 50_000
  /// Executions that follow a free which nothing orders, in search of the use that comes after it.
  public static let executionsAfterSuspicion = 20_000
  /// Longer failing schedules are reported as they were found.
  public static let witnessStepsMax = 1_000
  /// Steps that tell of a failure in which no other thread took part.
  public static let stepsAloneMax = 24
  /// Frames of the calling stack that are looked at for a step's line of source.
  public static let framesMax = 12
  /// How often a loop that nobody can end any more is let run on, ``sameTurnsMax`` turns each time.
  public static let vainTurnsMax = 16
  /// The same for graphs, whose cost grows with the square of their length.
  public static let vainTurnsInGraphsMax = 2
  /// Steps of one graph: every alternative on the way is kept as a graph of its own.
  public static let graphStepsMax = 400
}
