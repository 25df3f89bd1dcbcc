package import Explorer

/// Something that a lesson explores and shows, by name.
package struct LessonScenario: Sendable {
  /// The name behind `run=`.
  package let name: String
  /// Explores it; equal every time.
  package let explore: @Sendable () -> ExplorationReport

  init(_ name: String, _ explore: @escaping @Sendable () -> ExplorationReport) {
    self.name = name
    self.explore = explore
  }
}

/// A table that a lesson counts, by name.
package struct LessonTable: Sendable {
  /// The name behind `run=`.
  package let name: String
  /// The column headings, then the rows; equal every time.
  package let rows: @Sendable () -> [[String]]

  init(_ name: String, _ rows: @escaping @Sendable () -> [[String]]) {
    self.name = name
    self.rows = rows
  }
}

extension LessonDemos {
  /// The scenario of a lesson's folder by its name.
  package static func scenario(_ name: String, of lesson: String) -> LessonScenario? {
    shown(in: lesson).scenarios.first { $0.name == name }
  }

  /// The table of a lesson's folder by its name, or a debate's table, which any lesson may show.
  package static func table(_ name: String, of lesson: String) -> LessonTable? {
    LessonComparison.table(name) ?? shown(in: lesson).tables.first { $0.name == name }
  }

  private static func shown(
    in lesson: String
  ) -> (scenarios: [LessonScenario], tables: [LessonTable]) {
    switch lesson {
    case "01-what-a-fence-promises": (FencePromiseScenarios.all, FencePromiseScenarios.tables)
    case "02-references-and-lifetimes": (ReferenceScenarios.all, ReferenceScenarios.tables)
    case "03-signaling-and-callbacks": (CallbackScenarios.all, CallbackScenarios.tables)
    case "04-whose-lock": (WhoseLockScenarios.all, WhoseLockScenarios.tables)
    case "05-operations-under-rcu": (OperationsScenarios.all, OperationsScenarios.tables)
    case "06-the-signaled-bit": (SignaledBitScenarios.all, SignaledBitScenarios.tables)
    case "07-what-a-cache-line-costs": (CacheLineScenarios.all, CacheLineScenarios.tables)
    case "08-signal-with-error": (SignalErrorScenarios.all, SignalErrorScenarios.tables)
    default: ([], [])
    }
  }
}
