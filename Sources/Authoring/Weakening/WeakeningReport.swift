package import Explorer
package import Publishing

/// What became of each labelled ordering when it was taken away.
package struct WeakeningReport: Sendable {
  /// One ordering.
  package struct Row: Sendable {
    package let ordering: LabelledOrdering
    /// The program that fails without it, and how; nil where none does.
    package var failure: (program: String, verdict: Verdict, rule: String)?
    /// Why no program fails, where that has been understood.
    package var reason: String?

    package var isExplained: Bool { failure != nil || reason != nil }
  }

  package var rows: [Row] = []
  /// Programs that fail as they are, with their messages: nothing can be learnt from these.
  package var broken: [String] = []
  /// Explanations of orderings that are not in the sources, or that a program notices after all.
  package var stale: [String] = []

  package var isComplete: Bool {
    broken.isEmpty && stale.isEmpty && rows.allSatisfy(\.isExplained)
  }
}

/// Takes every labelled ordering away in turn, and looks for a program that notices.
package struct WeakeningRun {
  private let orderings: [LabelledOrdering]
  private let isWanted: (LabelledOrdering) -> Bool

  /// Looks at the orderings of these sources whose label begins with `label`.
  package init(_ tree: SourceTree, label: String = "") {
    orderings = LabelledOrdering.all(in: tree)
    isWanted = { $0.label.hasPrefix(label) }
  }

  /// Runs everything; `progress` hears what is being taken away.
  package func report(_ progress: (String) -> Void = { _ in }) -> WeakeningReport {
    var report = WeakeningReport()
    var uses: [(program: WeakeningProgram, sites: Set<Weakening.Site>)] = []
    for program in WeakeningProgram.all {
      let weakening = Weakening()
      let whole = program.explore(weakening)
      if whole.verdict == .passed {
        uses.append((program, weakening.sites))
      } else {
        report.broken.append("\(program.name): \(whole.failure?.message ?? whole.bound)")
      }
    }
    for ordering in orderings where isWanted(ordering) {
      progress(ordering.name)
      let users = uses.filter { $0.sites.contains(ordering.site) }.map(\.program)
      report.rows.append(row(of: ordering, users))
    }
    let names = Set(orderings.map(\.name))
    let unneeded = report.rows.filter { $0.failure != nil }.map(\.ordering.name)
    report.stale = WeakeningReasons.all.keys.sorted().filter {
      !names.contains($0) || unneeded.contains($0)
    }
    return report
  }

  private func row(of ordering: LabelledOrdering, _ programs: [WeakeningProgram])
    -> WeakeningReport.Row
  {
    var row = WeakeningReport.Row(ordering: ordering)
    for program in programs {
      let weak = program.explore(Weakening(ordering.site))
      guard let failure = weak.failure, weak.verdict.isAboutSafety else { continue }
      row.failure = (program.name, weak.verdict, failure.rule)
      return row
    }
    row.reason = WeakeningReasons.all[ordering.name]
    return row
  }
}

extension Verdict {
  /// Whether it says that something went wrong, and not only that a search came to no end.
  fileprivate var isAboutSafety: Bool {
    switch self {
    case .passed, .notExhaustive, .notDeterministic: false
    default: true
    }
  }
}
