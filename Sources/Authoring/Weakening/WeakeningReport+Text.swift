import Explorer

extension WeakeningReport {
  /// The page of the documentation.
  package var markdown: String {
    var text = """
      # Weakening

      Each labelled ordering of `Sources/Fences`, `Kernel`, `Reservations` and `SyncObjects` is
      taken away, one at a time: an acquire, release or full access becomes relaxed, a barrier
      disappears. Small programs then run under the kernel's memory model without load buffering,
      with locks and read sections explored access by access where they are themselves the
      subject. One of the programs has to fail. This page is written by `fencelab weaken --write`;
      a test fails when it is not current.

      The programs are in `Sources/Authoring/Weakening`. `fencelab weaken --only LABEL` shows how
      the orderings of one label fare.

      ## Orderings that a program needs

      | ordering | without it | in the program |
      |---|---|---|

      """
    for row in rows {
      guard let failure = row.failure else { continue }
      text += "| \(row.ordering.name) | \(failure.verdict.rawValue) | \(failure.program) |\n"
    }
    text += """

      ## Orderings that no program can miss, and why they stand

      | ordering | why |
      |---|---|

      """
    for row in rows where row.failure == nil {
      text += "| \(row.ordering.name) | \(row.reason ?? "**not explained**") |\n"
    }
    return text
  }

  /// Where the page stands.
  package static let page = "Documentation/Weakening.md"

  /// A line an ordering, for a terminal.
  package var text: String {
    rows.map { row in
      let fate = row.failure.map { "\($0.verdict.rawValue) · \($0.program)" } ?? row.reason
      return "\(row.ordering.name)\n  \(fate ?? "nothing fails")\n"
    }.joined()
  }

  /// An array with an object an ordering.
  package var json: String {
    let objects = rows.map { row in
      let failure = row.failure.map {
        "\"verdict\": \(quoted($0.verdict.rawValue)), \"rule\": \(quoted($0.rule)), "
          + "\"program\": \(quoted($0.program))"
      }
      return "  {\"ordering\": \(quoted(row.ordering.name)), "
        + "\"file\": \(quoted(row.ordering.file)), \"line\": \(row.ordering.line), "
        + (failure ?? "\"reason\": \(row.reason.map(quoted) ?? "null")") + "}"
    }
    return "[\n\(objects.joined(separator: ",\n"))\n]\n"
  }

  /// Names and sentences of the kit's own; they hold nothing that needs more escaping.
  private func quoted(_ text: String) -> String {
    "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
      + "\""
  }

  /// What is wrong, with the repair; empty where nothing is.
  package var complaints: [String] {
    broken.map { "this program fails as it is: \($0) Repair the program or the code." }
      + rows.filter { !$0.isExplained }.map {
        "nothing fails without \($0.ordering.name) (\($0.ordering.file):\($0.ordering.line)). Add "
          + "a program to Sources/Authoring/Weakening that does, relax it, or say in "
          + "WeakeningReasons.swift why it stands."
      }
      + stale.map {
        "WeakeningReasons.swift explains \($0), which is gone or is needed by a program: delete it."
      }
  }
}
