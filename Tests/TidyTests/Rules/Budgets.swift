/// Sizes the house keeps; they may be lowered, not raised.
enum Budget {
  static let fileLinesMax = 600
  static let fileLinesMedian = 130
  static let fileLinesP90 = 380
  static let functionLinesMax = 70
  static let functionLinesMedian = 9
  static let functionLinesP90 = 35
  static let columnsMax = 100
}

/// No file beyond the budget, and no line.
func oversizedFiles(in file: SourceFile) -> [Violation] {
  guard file.isSwift || file.path.hasSuffix(".c") || file.path.hasSuffix(".h") else { return [] }
  var found: [Violation] = []
  if file.lineCount > Budget.fileLinesMax {
    found.append(
      Violation(
        file: file.path, line: 0, rule: "file size",
        repair: "\(file.lineCount) lines, \(Budget.fileLinesMax) allowed: split it by facet."))
  }
  for number in 1...max(1, file.lineCount) where width(number, in: file) > Budget.columnsMax {
    let width = width(number, in: file)
    found.append(
      Violation(
        file: file.path, line: number, rule: "line width",
        repair: "\(width) columns, \(Budget.columnsMax) allowed: break the line."))
  }
  return found
}

/// The columns of a line; what stands in a long string literal counts without its indentation.
private func width(_ number: Int, in file: SourceFile) -> Int {
  let text = file.line(number)
  let isLiteral = [\SourceFile.code, \.comments].allSatisfy { part in
    file.line(number, of: part).allSatisfy { $0 == " " }
  }
  return (file.isSwift && isLiteral ? text.drop { $0 == " " } : text[...]).count
}

/// No function beyond the budget.
func oversizedFunctions(in file: SourceFile) -> [Violation] {
  file.declarations.filter { $0.length > Budget.functionLinesMax }.map {
    Violation(
      file: file.path, line: $0.lines.lowerBound, rule: "function size",
      repair: "`\($0.name)` has \($0.length) lines, \(Budget.functionLinesMax) allowed: "
        + "name its parts.")
  }
}

/// A row of numbers as three: the middle one, the one at nine tenths, and the largest.
struct Spread: CustomStringConvertible {
  let median: Int
  let p90: Int
  let max: Int

  init(_ values: [Int]) {
    let sorted = values.sorted()
    median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    p90 = sorted.isEmpty ? 0 : sorted[Swift.min(sorted.count * 9 / 10, sorted.count - 1)]
    max = sorted.last ?? 0
  }

  var description: String { "median \(median), p90 \(p90), max \(max)" }
}
