internal import Runtime
// Native only: lines are looked up outside of any execution.
internal import Synchronization

/// Where a step stands in the sources.
struct Site {
  /// The return addresses of the calls that led to the step, innermost first, a few at a time:
  /// resolving an address is slow, and the innermost ones are usually enough.
  private let stretches: [Backtrace]

  static let unknown = Site(stretches: [])

  /// The loaded images; asked for once, because that reads every one of them.
  private static let images = ImageMap.capture()

  /// Frames of one stretch.
  private static let stretchFrames = 2

  /// Notes the calling stack.
  ///
  /// Only done while a failing schedule is recorded: it takes microseconds now, and milliseconds
  /// when it is resolved.
  ///
  /// Never inlined: it leaves out its own frame, and must not leave out its caller's.
  @inline(never) static func here() -> Site {
    var stretches: [Backtrace] = []
    for offset in stride(from: 1, to: Limits.framesMax, by: stretchFrames) {
      // A capture that ends before the stack does spends its last frame on saying so.
      let stretch = try? Backtrace.capture(
        algorithm: .fast, limit: stretchFrames + 1, offset: offset, top: 0, images: images)
      if let stretch { stretches.append(stretch) }
    }
    return Site(stretches: stretches)
  }

  private init(stretches: [Backtrace]) { self.stretches = stretches }

  /// The innermost line that is wanted.
  func line(where isWanted: (SourceLine) -> Bool) -> SourceLine? {
    for stretch in stretches {
      if let line = Site.lines(of: stretch).first(where: isWanted) { return line }
    }
    return nil
  }

  // MARK: - Looking up

  /// What was found before: schedules of one program share most of their places, and each look
  /// reads a whole module's table of lines.
  private static let known = Mutex<[[Backtrace.Address]: [SourceLine]]>([:])

  /// The lines of a stretch, innermost first, with those of inlined functions.
  private static func lines(of stretch: Backtrace) -> [SourceLine] {
    let addresses = stretch.frames.compactMap { frame in
      switch frame {
      case .programCounter(let address), .returnAddress(let address): address
      default: nil
      }
    }
    if let lines = known.withLock({ $0[addresses] }) { return lines }
    let frames = stretch.symbolicated(with: images)?.frames.compactMap { frame in
      frame.symbol?.sourceLocation.map { SourceLine(path: $0.path, line: $0.line) }
    }
    let lines = frames ?? []
    known.withLock { $0[addresses] = lines }
    return lines
  }
}

/// A line of a source file.
struct SourceLine: Hashable {
  var path: String
  var line: Int

  var file: String { path.split(separator: "/").last.map(String.init) ?? path }
}
