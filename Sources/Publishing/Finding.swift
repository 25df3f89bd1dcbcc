/// One thing that is wrong with a page: where it is, what it is, and what repairs it.
package struct Finding: Error, Hashable, Sendable, CustomStringConvertible {
  /// Path of the file, relative to the root of the package.
  package let file: String

  /// Line in `file`, counted from 1.
  package let line: Int

  /// What is wrong.
  package let problem: String

  /// What the author can do about it.
  package let repair: String

  /// Creates a finding; `problem` and `repair` are clauses without a final full stop.
  package init(file: String, line: Int, problem: String, repair: String) {
    self.file = file
    self.line = line
    self.problem = problem
    self.repair = repair
  }

  package var description: String { "\(file):\(line): \(problem); \(repair)" }
}

/// The error a builder throws when pages are not fit to be published.
package struct InvalidPages: Error, CustomStringConvertible {
  /// Everything that was found, in the order of file and line.
  package let findings: [Finding]

  /// Sorts `findings` so that the report does not depend on the order of the checks.
  package init(_ findings: [Finding]) {
    self.findings = findings.inReadingOrder
  }

  package var description: String {
    findings.map(\.description).joined(separator: "\n")
  }
}

extension [Finding] {
  /// The same findings by file, then by line; equal ones once.
  package var inReadingOrder: [Finding] {
    let sorted = Set(self).sorted {
      ($0.file, $0.line, $0.problem) < ($1.file, $1.line, $1.problem)
    }
    return sorted
  }
}
