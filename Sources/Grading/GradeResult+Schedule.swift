package import Explorer

extension GradeResult {
  /// The failing schedule for a page: no colours and no times, at most `columns` wide.
  package func schedule(columns: Int) -> String? { failure?.schedule(columns: columns) }
}

extension FailureReport {
  /// The schedule for a page: the steps that matter, no colours, at most `columns` wide.
  package func schedule(columns: Int) -> String {
    let steps = steps.filter { $0.matters || $0.mark != nil }
    let table = ScheduleTable(self, steps).text(ReportStyle(columns: columns))
    return table.hasSuffix("\n") ? table : table + "\n"
  }
}
