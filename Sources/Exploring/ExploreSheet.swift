internal import Explorer
internal import FoundationEssentials
public import Grading
internal import Timeline

/// A form in which the results of `explore` are printed.
public enum ExploreFormat: String, Sendable, CaseIterable {
  /// For people.
  case text
  /// For programs; version 1.
  case json
  /// The first failing schedule as a drawing.
  case svg
}

/// The results of one file in one of the forms, all made from the same reports.
public struct ExploreSheet: Sendable {
  private let results: ExploreResults

  /// Takes the results.
  public init(_ results: ExploreResults) { self.results = results }

  /// The whole sheet, without a last line break.
  ///
  /// - Parameter isVerbose: Whether steps that nobody else notices are shown, too.
  public func text(
    _ format: ExploreFormat, style: ReportStyle = ReportStyle(), isVerbose: Bool = false
  ) -> String {
    switch format {
    case .json: json
    case .svg: svg(isVerbose)
    case .text:
      results.reports.indices.map { index in
        ExplorationText(results, index, style: style, isVerbose: isVerbose).text
      }.joined(separator: "\n\n")
    }
  }

  private struct Sheet: Encodable {
    let version = 1
    let file: String
    let explorations: [Entry]
    let exitCode: Int32
  }

  /// A report, with the name for `fencelab replay` beside it.
  private struct Entry: Encodable {
    let report: ExplorationReport
    let replay: String?

    enum CodingKeys: String, CodingKey { case replay }

    func encode(to encoder: any Encoder) throws {
      try report.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(replay, forKey: .replay)
    }
  }

  private var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let entries = results.reports.indices.map {
      Entry(report: results.reports[$0], replay: results.replayName($0))
    }
    let sheet = Sheet(
      file: results.file, explorations: entries, exitCode: results.exitCode.rawValue)
    guard let data = try? encoder.encode(sheet) else {
      preconditionFailure("a sheet that cannot be written")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Empty where nothing failed: there is no schedule to draw.
  private func svg(_ isVerbose: Bool) -> String {
    guard let report = results.reports.first(where: { $0.failure != nil }),
      let failure = report.failure
    else { return "" }
    return ScheduleTable(failure, isVerbose: isVerbose).svg(
      title: "\(report.name): \(failure.verdict.rawValue)", caption: failure.message)
  }
}
