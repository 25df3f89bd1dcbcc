/// The ceilings of this room, each with what it costs to raise it.
public enum Limits {
  /// The widest terminal drawing, in columns; schedules are read beside code of the same width.
  public static let columnCountMax = 100

  /// The narrowest terminal drawing; below this no lane can hold a word.
  public static let columnCountMin = 40

  /// Events one time chart draws; a page of numbered events is what a reader still follows.
  public static let eventsDrawnMax = 60

  /// Columns a lane needs before the lane table gives up columns and prints one lane below another.
  static let laneColumnsMin = 12

  /// Columns the location of a lane table may take, so that the lanes keep most of the line.
  static let locationColumnsMax = 34

  /// Columns a track's name may take beside a time chart.
  static let trackNameColumnsMax = 18
}
