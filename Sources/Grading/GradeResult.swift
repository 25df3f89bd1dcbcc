internal import ExerciseKit
public import Explorer

/// What became of one exercise: everything a report in any format is made from.
public struct GradeResult: Sendable {
  /// The exercise's id.
  public let id: String
  /// What one types to mean it.
  public let number: String
  /// The one word.
  public var verdict: GradeVerdict
  /// The rule that was broken.
  public var rule: String?
  /// The belief that this failure shows, by id.
  public var misconception: String?
  /// What is believed and why it fails.
  public var belief: String?
  /// Executions of all explorations together.
  public var executions = 0
  /// Whether every exploration saw everything within its bound.
  public var isExhaustive = false
  /// What the explorations cover, in words.
  public var bound = ""
  /// From the start of compiling to the verdict.
  public var milliseconds = 0
  /// The name under which the failing schedule can be performed again.
  public var replay: String?
  /// What happened, in one sentence.
  public var message: String
  /// The claim that does not hold, and what it had to come to.
  public var claim: Claim?
  /// The failing schedule.
  public var failure: FailureReport?
  /// The compiler's or the crashed program's own words, one line an entry.
  public var details: [String] = []
  /// What the compiler complained about after that.
  public var further: [String] = []
  /// The answer as it was read and graded: the file may hold another one by now.
  var answer: [UInt8]?

  /// An exploration that did not come to what it must.
  public struct Claim: Sendable {
    /// What is claimed.
    public let name: String
    /// What it had to come to.
    public let expected: String
    /// What it came to.
    public internal(set) var got: String

    package init(name: String, expected: String, got: String) {
      self.name = name
      self.expected = expected
      self.got = got
    }
  }

  /// Whether the exercise is solved.
  public var isPassed: Bool { verdict == .passed }

  package init(_ exercise: Exercise, _ verdict: GradeVerdict, message: String) {
    id = exercise.id
    number = exercise.number
    self.verdict = verdict
    self.message = message
  }
}
