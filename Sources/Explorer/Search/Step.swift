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
  /// Where the softirq took the CPU that the handler interrupts, or -1.
  var interruptedStep: Int32
  /// Whether no other task of the CPU could have stepped here.
  var wasUnpreempted: Bool
  /// Whether no interrupt of the CPU could have fired here.
  var wasMasked: Bool
  /// Whether no softirq of the CPU could have begun here.
  var keptSoftirqsOut: Bool
  /// Everything the step depends on, itself included.
  var order: VectorClock
  /// What the location held before, for steps that write one.
  var bitsBefore: UInt64
  /// What the step looked like, for replay names.
  var signature: UInt32

  /// Whether this step depends on an earlier one, directly or not.
  func follows(_ earlier: Step) -> Bool { order[earlier.thread] >= earlier.count }
}
