internal import Runtime

/// Where a step stands in the sources.
struct Site {
  /// The return addresses of the calls that led to the step, innermost first.
  private let backtrace: Backtrace?

  static let unknown = Site(backtrace: nil)

  /// The loaded images; asked for once, because that reads every one of them.
  private static let images = ImageMap.capture()

  /// Notes the calling stack.
  ///
  /// Only done while a failing schedule is recorded: it takes
  /// microseconds now, and milliseconds when it is resolved.
  static func here() -> Site {
    Site(
      backtrace: try? Backtrace.capture(
        algorithm: .fast, limit: Limits.framesMax, offset: 1, top: 0, images: images))
  }

  private init(backtrace: Backtrace?) { self.backtrace = backtrace }

  /// The frames with their files, innermost first.
  func frames() -> [SourceLine] {
    guard let symbolic = backtrace?.symbolicated(with: Site.images) else { return [] }
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
