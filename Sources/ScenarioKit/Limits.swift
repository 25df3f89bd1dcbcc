/// The ceilings of this target, and what each one costs.
enum Limits {
  /// Between two lines of progress: often enough to look alive.
  static let progressInterval = Duration.milliseconds(200)
  /// Between two checkpoints: so much work is lost at most.
  static let checkpointInterval = Duration.seconds(10)
  /// Random schedules after a search that ended early.
  static let randomSchedulesMax = 100_000
  /// They end after this long in any case.
  static let randomInterval = Duration.seconds(3)
}
