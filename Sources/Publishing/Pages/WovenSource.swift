/// Answers what the blocks with `run=NAME` show.
///
/// Publishing sits above no engine; whoever runs the kit implements this.
package protocol WovenSource {
  /// The lines that the block shows, each ended by a newline.
  ///
  /// - Throws: ``WovenSourceError`` when there is no such run, or it failed.
  func text(of kind: Block.OutputKind, run name: String, lesson: String) throws -> String

  /// An SVG drawing of the run for the site, with `<title>` and `<desc>`; nil where text must do.
  func drawing(run name: String, lesson: String) throws -> String?
}

/// Why a run has no output to weave.
package struct WovenSourceError: Error, Sendable {
  /// What is wrong, as a clause without full stop.
  package let problem: String

  /// What the author can do about it.
  package let repair: String

  /// Creates an error from two clauses.
  package init(problem: String, repair: String) {
    self.problem = problem
    self.repair = repair
  }
}

/// A source without runs: pages show the text that stands in them.
package struct NoRuns: WovenSource {
  /// Creates the source.
  package init() {}

  package func text(
    of kind: Block.OutputKind, run name: String, lesson: String
  ) throws -> String {
    throw WovenSourceError(
      problem: "nothing here can perform the run '\(name)'", repair: "name a run of the lesson")
  }

  package func drawing(run name: String, lesson: String) throws -> String? { nil }
}
