/// A broken rule, found at the current step.
struct Failure {
  var verdict: Verdict
  /// Stable name of the rule.
  var rule: String
  /// One sentence.
  var message: String
  /// The step it collided with: its thread and that thread's count.
  var partner: (thread: Int, step: Int32)?
  /// The nodes of a graph that it is about, the one that broke the rule last.
  var nodes: [Int32] = []
  /// The object it is about, for choosing which steps a report shows.
  var object: Int32 = -1

  /// Whether it happened at a step; otherwise it is about the execution as a whole.
  var isAboutAStep: Bool {
    switch verdict {
    case .dataRace, .useAfterFree, .doubleFree, .callbackDoubled, .atomicSleep: true
    default: false
    }
  }
}
