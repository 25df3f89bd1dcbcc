internal import Runtime
// Native only: lines are looked up outside of any execution.
internal import Synchronization

/// Where a step stands in the sources.
struct Site {
  /// The return addresses of the calls that led to the step, innermost first, one at a time:
  /// resolving an address is slow, many stacks share most of theirs, and the innermost ones are
  /// usually enough.
  private let frames: [Backtrace]

  static let unknown = Site(frames: [])

  /// The loaded images; asked for once, because that reads every one of them.
  private static let images = ImageMap.capture()

  /// Notes the calling stack.
  ///
  /// Only done while a failing schedule is recorded: it takes microseconds now, and milliseconds
  /// when it is resolved.
  ///
  /// Never inlined: it leaves out its own frame, and must not leave out its caller's.
  @inline(never) static func here() -> Site {
    var frames: [Backtrace] = []
    for offset in 1..<Limits.framesMax {
      // A capture that ends before the stack does spends its last frame on saying so.
      let frame = try? Backtrace.capture(
        algorithm: .fast, limit: 2, offset: offset, top: 0, images: images)
      if let frame { frames.append(frame) }
    }
    return Site(frames: frames)
  }

  private init(frames: [Backtrace]) { self.frames = frames }

  /// The innermost line that is wanted.
  func line(where isWanted: (SourceLine) -> Bool) -> SourceLine? {
    for frame in frames {
      if let line = Site.lines(of: frame).first(where: isWanted) { return line }
    }
    return nil
  }

  // MARK: - Looking up

  /// What was found before: schedules of one program share most of their places, and each look
  /// reads a whole module's table of lines.
  private static let known = Mutex<[[Backtrace.Address]: [SourceLine]]>([:])

  /// The lines of a frame, innermost first, with those of inlined functions.
  private static func lines(of frame: Backtrace) -> [SourceLine] {
    let addresses = frame.frames.compactMap { frame in
      switch frame {
      case .programCounter(let address), .returnAddress(let address): address
      default: nil
      }
    }
    if let lines = known.withLock({ $0[addresses] }) { return lines }
    let frames = frame.symbolicated(with: images)?.frames.compactMap { frame in
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
