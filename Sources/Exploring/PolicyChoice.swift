internal import Debates
internal import Fences
internal import Grading

/// The fences' designs by the names that the debates give them.
struct PolicyChoice {
  /// The combination.
  let policy: FencePolicy
  /// How a report calls it.
  let name: String

  /// Upstream's designs.
  static let upstream = PolicyChoice(policy: .upstream, name: "upstream")

  /// The designs that a whole program can run under.
  static var names: [String] {
    ["upstream"] + Debate.all.flatMap(\.designs).filter(\.isPolicyAlone).map(\.name)
  }

  /// Designs of these names, of different debates, together.
  ///
  /// - Parameter names: Separated by commas.
  static func named(_ names: String) throws(GradingError) -> PolicyChoice {
    var policy = FencePolicy.upstream
    for name in names.split(separator: ",").map(String.init) {
      policy = try merge(policy, with: try design(name), name)
    }
    return PolicyChoice(policy: policy, name: names)
  }

  private static func design(_ name: String) throws(GradingError) -> FencePolicy {
    if name == "upstream" { return .upstream }
    for debate in Debate.all {
      guard let design = debate.design(named: name) else { continue }
      if design.isPolicyAlone { return design.policy }
      throw GradingError(
        "\(name) is no policy of the fence library.",
        repair: "It is code of its own, which only the programs of its debate use: "
          + "`fencelab compare \(debate.name) --design \(name)`.")
    }
    throw GradingError(
      "There is no design \(name).", repair: "Choose of \(names.joined(separator: ", ")).")
  }

  /// Each point is upstream's, or one of the two sides', but not both.
  private static func merge(
    _ one: FencePolicy, with other: FencePolicy, _ name: String
  ) throws(GradingError) -> FencePolicy {
    var merged = one
    let isClear =
      take(\.signaledBit, from: other, into: &merged)
      && take(\.lockPlacement, from: other, into: &merged)
      && take(\.operationsLifetime, from: other, into: &merged)
      && take(\.nameGuard, from: other, into: &merged)
      && take(\.errorHandover, from: other, into: &merged)
    if isClear { return merged }
    throw GradingError(
      "\(name) answers a question that an earlier design has answered otherwise.",
      repair: "Name one design of each debate.")
  }

  private static func take<Point: Equatable>(
    _ point: WritableKeyPath<FencePolicy, Point>, from other: FencePolicy,
    into policy: inout FencePolicy
  ) -> Bool {
    let upstream = FencePolicy.upstream[keyPath: point]
    let new = other[keyPath: point]
    if new == upstream || new == policy[keyPath: point] { return true }
    guard policy[keyPath: point] == upstream else { return false }
    policy[keyPath: point] = new
    return true
  }
}
