/// Schedules as tables that a script lets the reader step through.
extension HTMLRenderer {
  /// Writes a row for each step; without a script all of them show at once.
  mutating func render(_ schedule: WovenSchedule, label: String) {
    html.raw("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"")
    html.escaped(label)
    html.raw("\"><table class=\"lanes\">\n<thead><tr><th scope=\"col\">step</th>")
    for lane in schedule.lanes { html.element("th scope=\"col\"", lane) }
    html.raw("</tr></thead>\n<tbody>\n")
    for row in schedule.rows {
      html.raw(row.mark.map { "<tr class=\"\($0)\">" } ?? "<tr>")
      html.element("th scope=\"row\"", row.number)
      for cell in row.cells { render(cell: cell, mark: cell.isEmpty ? nil : row.mark) }
      html.raw("</tr>\n")
    }
    html.raw("</tbody></table></div>\n")
    if !schedule.message.isEmpty { html.block("p class=\"message\"", schedule.message) }
  }

  private mutating func render(cell: String, mark: WovenSchedule.Mark?) {
    html.raw("<td>")
    if !cell.isEmpty { html.element("code", cell) }
    if let mark {
      html.raw(" <span class=\"mark\" role=\"img\" aria-label=\"\(mark.meaning)\">")
      html.raw("\(mark.rawValue)</span>")
    }
    html.raw("</td>")
  }
}
