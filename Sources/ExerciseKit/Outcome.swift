public import Explorer

/// What an exploration of an exercise must come to.
public enum Outcome: Sendable, Codable, Hashable {
  /// No execution breaks a rule, and all of them were explored.
  case passed
  /// Some execution breaks exactly this rule.
  case fails(Verdict, rule: String)
  /// One fixed schedule breaks no rule and takes no more than this.
  case costs(atMost: Cost)
}
