/// A step that was taken.
struct Step {
  var thread: Int
  /// The thread's own count, from 1.
  var count: Int32
  var footprint: Footprint
  /// The decision of the search tree that chose it.
  var decision: Int
  /// Who could have stepped instead.
  var enabled: UInt32
  /// Where the thread's handler took the CPU, or -1.
  var enterStep: Int32
  /// Whether no other task of the CPU could have stepped here.
  var wasUnpreempted: Bool
  /// What the location held before, for steps that write one.
  var bitsBefore: UInt64
  /// What the step looked like, for replay names.
  var signature: UInt32
}
