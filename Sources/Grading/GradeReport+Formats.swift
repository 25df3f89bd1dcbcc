internal import FoundationEssentials

/// A form in which results are printed.
public enum ReportFormat: String, Sendable, CaseIterable {
  /// For people.
  case text
  /// For programs; version 1.
  case json
  /// For build servers.
  case junit
  /// The Test Anything Protocol, version 14.
  case tap
}

/// Results of several exercises in one of the forms.
public struct GradeSheet: Sendable {
  let results: [GradeResult]

  /// Collects results.
  public init(_ results: [GradeResult]) { self.results = results }

  /// Zero only if there is something and all of it passed.
  public var exitCode: Int32 { !results.isEmpty && results.allSatisfy(\.isPassed) ? 0 : 1 }

  /// The whole sheet, without a last line break.
  ///
  /// - Parameter isVerbose: Whether a report for people shows everything that was complained about.
  public func text(
    _ format: ReportFormat, style: ReportStyle = ReportStyle(), isVerbose: Bool = false
  ) -> String {
    switch format {
    case .text:
      results.map { GradeReport($0, style: style, isVerbose: isVerbose).text }
        .joined(separator: "\n\n")
    case .json: json
    case .junit:
      JUnit.document([JUnit.Suite(name: "fencelab", cases: results.map { JUnit.Case($0) })])
    case .tap: TAP.document(results)
    }
  }

  private struct Sheet: Encodable {
    let version = 1
    let exercises: [GradeEntry]
  }

  private var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Sheet(exercises: results.map { GradeEntry($0) })) else {
      preconditionFailure("a sheet that cannot be written")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
