/// Something with a number in it that was said in a debate, and what counting says.
public struct CountedClaim: Sendable, Codable, Hashable {
  /// A stable name.
  public let id: String
  /// What was said.
  public let statement: String
  /// By whom and when; "our deduction" where nobody has said it.
  public let source: String
  /// What was counted.
  public let result: String
  /// Whether the count bears it out.
  public let holds: Bool
}
