internal import Explorer
internal import FoundationEssentials
public import Grading
internal import ScenarioKit

/// Which exploration of which file somebody means, and which schedule of it.
struct ScenarioName {
  let file: String
  let index: Int
  /// nil where the one that was found last is meant.
  let schedule: String?

  /// Reads `FILE.swift`, `FILE.swift.INDEX` or `FILE.swift.INDEX~SCHEDULE`; nil for anything else.
  init?(_ text: String) {
    // A path may hold any sign; a schedule holds no dot before its first tilde's hash.
    let tilde = text.lastRange(of: ".swift.").flatMap { text[$0.upperBound...].firstIndex(of: "~") }
    var place = tilde.map { String(text[..<$0]) } ?? text
    schedule = tilde.map { String(text[text.index(after: $0)...]) }
    var number = 1
    if !place.hasSuffix(".swift") {
      guard let dot = place.lastIndex(of: "."), let index = Int(place[place.index(after: dot)...])
      else { return nil }
      number = index
      place = String(place[..<dot])
    } else if schedule != nil {
      return nil
    }
    guard place.hasSuffix(".swift"), number > 0 else { return nil }
    file = place
    index = number
  }
}

extension String {
  fileprivate func lastRange(of text: String) -> Range<String.Index>? {
    ranges(of: text).last
  }
}

/// One schedule of somebody's own file, performed again with what is in the file now.
public struct ScenarioReplay: ReplayedSchedule, Sendable {
  /// How it went.
  public let ending: ReplaySession.Ending

  /// Whether the text means a schedule of a file, and not of an exercise.
  public static func canRead(_ name: String) -> Bool { ScenarioName(name) != nil }

  /// Compiles the file as it is now and performs one execution.
  ///
  /// - Parameter file: A file in place of the one in the name.
  public init(_ name: String, with file: String? = nil) throws(GradingError) {
    guard let meant = ScenarioName(name) else {
      throw GradingError("\(name) is no replay name.", repair: "Copy the whole name.")
    }
    let workspace = try ScenarioFile.workspace()
    var schedule = meant.schedule
    if schedule == nil {
      let book = ReplayBook(workspace)
      schedule =
        book.name(of: meant.file, index: name.hasSuffix(".swift") ? nil : meant.index)
        .flatMap(ScenarioName.init)?.schedule
    }
    guard let schedule else {
      throw GradingError(
        "\(name) has no failed schedule to replay.",
        repair: "Explore it first: `fencelab explore \(meant.file)`.")
    }
    let program = try ScenarioFile(file ?? meant.file, workspace)
    defer { program.clean() }
    let process = try ScenarioProcess(
      program.path, ScenarioRequest(.replay(index: meant.index, schedule: schedule)))
    var outcome: ReplayOutcome?
    while let frame = process.next() {
      if case .replayed(let result) = frame { outcome = result }
    }
    ending = try ReplaySession.Ending(
      outcome, missing: "\(meant.file) has no exploration \(meant.index).",
      repair: "Explore it as it is now: `fencelab explore \(meant.file)`.")
  }

  /// Whether it broke the rule again.
  public var isReproduced: Bool { if case .failed = ending { true } else { false } }

  /// All of it as lanes, and below what broke.
  public func text(style: ReportStyle = ReportStyle()) -> String { ending.text(style: style) }
}
