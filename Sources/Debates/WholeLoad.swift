public import Fences

/// A program that uses everything at once, for what a design does to the whole.
///
/// Whoever compares brings it along: a debate's own programs are small.
public struct WholeLoad: Sendable {
  /// Its column.
  let column: EvidenceTable.Column
  /// Runs under a policy, and says in a few words what it came to.
  private let run: @Sendable (FencePolicy) -> String

  /// A load with its column.
  public init(
    name: String, title: String, meaning: String, run: @escaping @Sendable (FencePolicy) -> String
  ) {
    column = EvidenceTable.Column(name: name, title: title, meaning: meaning)
    self.run = run
  }

  func value(_ design: Design) -> Measure.Value {
    design.isPolicyAlone
      ? Measure.Value(text: run(design.policy))
      : .absent("not run: the design is code of its own, which no whole program uses")
  }
}
