/// The facts about a lesson that stand between two `---` lines at its top, one `key: value` a line.
package struct FrontMatter: Sendable {
  package let title: String

  /// The question of the debate, one sentence.
  package let question: String

  /// Identifiers of what the lesson teaches.
  package let concepts: [String]

  /// Identifiers of what it takes for granted.
  package let requires: [String]

  /// Identifiers of the misconceptions that it refutes.
  package let misconceptions: [String]

  /// How long a reader needs, the exercises aside.
  package let minutes: Int

  /// The kernel version or commit that the lesson describes, if it says so.
  package let kernel: String?

  static let required = ["title", "question", "concepts", "minutes"]
  static let known = required + ["requires", "misconceptions", "kernel"]
}

extension FrontMatter {
  /// Takes the front matter off `text`; what remains begins at line `bodyLine`.
  static func take(
    from text: String, into reader: inout PageReader
  ) -> (front: FrontMatter, body: String, bodyLine: Int) {
    let lines = text.lines
    var values: [String: (text: String, line: Int)] = [:]
    var bodyStart = 0
    if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") {
      for index in 1..<end {
        readLine(lines[index], number: index + 1, into: &values, reader: &reader)
      }
      bodyStart = end + 1
    } else {
      reader.report(
        1, "the lesson has no front matter",
        repair: "begin the file with '---', 'key: value' lines and '---'")
    }
    for key in required where bodyStart > 0 && values[key] == nil {
      reader.report(
        1, "the front matter does not say '\(key)'", repair: "add a line '\(key): …'")
    }
    let body = lines[bodyStart...].joined(separator: "\n")
    return (FrontMatter(values, reader: &reader), body, bodyStart + 1)
  }

  private init(_ values: [String: (text: String, line: Int)], reader: inout PageReader) {
    func list(_ key: String) -> [String] {
      (values[key]?.text ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
    }
    title = values["title"]?.text ?? "Untitled"
    question = values["question"]?.text ?? ""
    concepts = list("concepts")
    requires = list("requires")
    misconceptions = list("misconceptions")
    kernel = values["kernel"]?.text
    minutes = values["minutes"].flatMap { Int($0.text) } ?? 0
    if let entry = values["minutes"], minutes <= 0 {
      reader.report(
        entry.line, "'\(entry.text)' is not a number of minutes", repair: "write a whole number")
    }
  }

  private static func readLine(
    _ line: Substring, number: Int, into values: inout [String: (text: String, line: Int)],
    reader: inout PageReader
  ) {
    if line.allSatisfy(\.isWhitespace) { return }
    guard let colon = line.firstIndex(of: ":") else {
      reader.report(number, "this is not a 'key: value' line", repair: "add the colon")
      return
    }
    let key = String(line[..<colon])
    guard known.contains(key) else {
      reader.report(
        number, "there is no key '\(key)'", repair: "use one of " + known.joined(separator: ", "))
      return
    }
    var value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
    if value.count >= 2, value.first == "\"", value.last == "\"" {
      value = value.dropFirst().dropLast()
    }
    values[key] = (String(value), number)
  }
}
