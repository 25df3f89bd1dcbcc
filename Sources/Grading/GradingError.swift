/// What went wrong on the way to a verdict, and what to do about it.
public struct GradingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, with the file or name it concerns.
  public let problem: String
  /// What the reader does about it.
  public let repair: String

  package init(_ problem: String, repair: String) {
    self.problem = problem
    self.repair = repair
  }

  /// Both, one line each.
  public var description: String { "\(problem)\n\(repair)" }
}
