/// One result for programs: every key is always there; what does not apply is null.
struct GradeEntry: Sendable, Hashable {
  let id: String
  let verdict: GradeVerdict
  let rule: String?
  let misconception: String?
  let executions: Int
  let exhaustive: Bool
  let bound: String
  let milliseconds: Int
  let replay: String?
  let message: String

  init(_ result: GradeResult) {
    id = result.id
    verdict = result.verdict
    rule = result.rule
    misconception = result.misconception
    executions = result.executions
    exhaustive = result.isExhaustive
    bound = result.bound
    milliseconds = result.milliseconds
    replay = result.replay
    message = result.message
  }
}

extension GradeEntry: Codable {
  enum CodingKeys: String, CodingKey {
    case id, verdict, rule, misconception, executions, exhaustive, bound, milliseconds, replay
    case message
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(rule, forKey: .rule)
    try container.encode(misconception, forKey: .misconception)
    try container.encode(executions, forKey: .executions)
    try container.encode(exhaustive, forKey: .exhaustive)
    try container.encode(bound, forKey: .bound)
    try container.encode(milliseconds, forKey: .milliseconds)
    try container.encode(replay, forKey: .replay)
    try container.encode(message, forKey: .message)
  }
}
