package import Explorer

extension GradeResult {
  /// The failing schedule for a page: no colours and no times, at most `columns` wide.
  package func schedule(columns: Int) -> String? { failure?.schedule(columns: columns) }
}

extension FailureReport {
  /// The schedule for a page, at most `columns` wide, and below it what broke.
  ///
  /// Only steps that matter are shown, steps of one line as one. Places are left out: they take the
  /// width that the source needs, and the page shows the listings.
  package func schedule(columns: Int) -> String {
    var shown: [ReportStep] = []
    for step in steps where step.matters || step.mark != nil {
      let isSameLine =
        shown.last.map {
          $0.lane == step.lane && $0.file == step.file && $0.line == step.line && $0.mark == nil
        } ?? false
      if isSameLine && !step.file.isEmpty { shown.removeLast() }
      shown.append(step)
    }
    for index in shown.indices { shown[index].file = "" }
    let table = ScheduleTable(self, shown).text(ReportStyle(columns: columns))
    return table + (table.hasSuffix("\n") ? "\n" : "\n\n") + message + "\n"
  }
}
