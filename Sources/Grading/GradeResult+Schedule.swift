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
    let story = ScheduleTable.story(self)
    let table = ScheduleTable(self, story, places: false).text(ReportStyle(columns: columns))
    return table + (table.hasSuffix("\n") ? "\n" : "\n\n") + message + "\n"
  }
}
