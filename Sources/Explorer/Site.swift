internal import Runtime

/// Where a step stands in the sources.
struct Site {
  /// The return addresses of the calls that led to the step, innermost first.
  private let backtrace: Backtrace?

  static let unknown = Site(backtrace: nil)

  /// Notes the calling stack. Only done while a failing schedule is recorded: it takes
  /// microseconds now and about half a millisecond when it is resolved.
  static func here() -> Site {
    Site(backtrace: try? Backtrace.capture(algorithm: .fast, limit: 24, offset: 1))
  }

  private init(backtrace: Backtrace?) { self.backtrace = backtrace }

  /// The frames with their files, innermost first.
  func frames() -> [SourceLine] {
    guard let symbolic = backtrace?.symbolicated() else { return [] }
    return symbolic.frames.compactMap { frame in
      frame.symbol?.sourceLocation.map { SourceLine(path: $0.path, line: $0.line) }
    }
  }
}

/// A line of a source file.
struct SourceLine: Hashable {
  var path: String
  var line: Int

  var file: String { path.split(separator: "/").last.map(String.init) ?? path }
}
