extension ClassSheet {
  /// One page without scripts: a table of everybody, and below it each report.
  package var html: String {
    var seen: Set<String> = []
    let exercises = entries.filter { seen.insert($0.grade.id).inserted }
    var lines = Self.head
    lines.append("<h1>Results of the class</h1>")
    let passed = entries.count(where: \.isPassed)
    lines.append("<p>\(passed) of \(entries.count) answers passed.</p>")
    if !ungraded.isEmpty {
      lines.append("<p><strong>\(ungraded.count) answers have no result yet.</strong></p>")
    }
    lines.append("<table><caption>Who passed what</caption>")
    let heads = exercises.map { "<th scope=\"col\">\(Self.escaped($0.number))</th>" }.joined()
    lines.append("<tr><th scope=\"col\">Student</th>\(heads)<th scope=\"col\">Passed</th></tr>")
    for student in students {
      let own = entries.filter { $0.student == student }
      var row = "<tr><th scope=\"row\">\(Self.escaped(student))</th>"
      for exercise in exercises {
        row += own.first { $0.grade.id == exercise.grade.id }.map(cell) ?? "<td>not graded</td>"
      }
      lines.append(row + "<td>\(own.count(where: \.isPassed)) of \(exercises.count)</td></tr>")
    }
    lines.append("</table>\n<h2>Reports</h2>")
    for entry in entries where !entry.isPassed || !entry.restored.isEmpty {
      let title = "\(entry.student) · \(entry.number) · \(entry.grade.verdict.rawValue)"
      lines.append("<details id=\"\(anchor(entry))\"><summary>\(Self.escaped(title))</summary>")
      lines.append("<pre tabindex=\"0\">\(Self.escaped(entry.report))</pre></details>")
    }
    return (lines + ["</main></body></html>"]).joined(separator: "\n")
  }

  private func cell(_ entry: ClassEntry) -> String {
    if entry.isPassed { return "<td class=\"good\">✓ passed</td>" }
    return "<td class=\"bad\">✗ <a href=\"#\(anchor(entry))\">"
      + "\(Self.escaped(entry.grade.verdict.rawValue))</a></td>"
  }

  private func anchor(_ entry: ClassEntry) -> String {
    let index = students.firstIndex(of: entry.student) ?? 0
    return "report-\(index + 1)-\(entry.number.replacing(".", with: "-"))"
  }

  private static let head = [
    "<!DOCTYPE html>",
    "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Results of the class</title>",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>",
    ":root { color-scheme: light dark }",
    "body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem }",
    "table { border-collapse: collapse } caption { text-align: left; font-weight: bold }",
    "th, td { border: 1px solid #767676; padding: .25rem .6rem; text-align: left }",
    "pre { overflow-x: auto } .bad { font-weight: bold }",
    "</style></head><body><main>",
  ]

  static func escaped(_ text: String) -> String { JUnit.escaped(text) }
}
