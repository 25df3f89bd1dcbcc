internal import Explorer

extension GradeResult {
  /// The failing schedule for a page: no colours and no times, at most `columns` wide.
  package func schedule(columns: Int) -> String? {
    guard let failure else { return nil }
    let table = ScheduleTable(failure, failure.steps).text(ReportStyle(columns: columns))
    return table.hasSuffix("\n") ? table : table + "\n"
  }
}
