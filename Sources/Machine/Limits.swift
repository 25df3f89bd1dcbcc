/// The numbers of this target.
enum Limits {
  /// How often a native spin looks before it lets other threads run: a few microseconds, longer
  /// than any critical section of a thread that keeps its CPU.
  static let pauseCountMax = 1_000
  /// Bytes for permanent records: the records of thirty thousand native threads at one time.
  static let permanentBytes = 4 << 20
}
