internal import ExerciseKit
internal import Explorer
internal import Glibc

/// Makes one verdict of what a child did and said.
///
/// It passes an exercise only for a complete, well-formed list of explorations that all came to
/// what they must; every other story has another verdict.
package struct Judge {
  let exercise: Exercise
  /// How many explorations the checks promise.
  let due: Int

  package init(exercise: Exercise, due: Int) {
    self.exercise = exercise
    self.due = due
  }

  package func judge(_ ending: ChildProcess.Ending, nonce: String) -> GradeResult {
    if let early = earlyEnd(ending) { return early }
    let frames: FrameReader
    do {
      frames = try FrameReader(ending.frames, nonce: nonce)
    } catch {
      return crashed(
        ending,
        "The checks did not report to the end: \(error.reason). Something in the answer ends the "
          + "program (`exit`) or disturbs its report: remove that.")
    }
    if let failing = frames.explored.first(where: { !$0.expected.isMet(by: $0.report) }) {
      return failed(failing, among: frames.explored)
    }
    guard due > 0, frames.explored.count == due, frames.explorationCount == due else {
      let count = frames.explored.count
      return crashed(ending, "\(count) of \(due) explorations reported: the others never ran.")
    }
    guard ending.cause == .exited(0) else {
      return crashed(ending, "The checks reported everything and then failed.")
    }
    return passed(frames.explored)
  }

  /// What a limit or a signal says before any frame is read.
  private func earlyEnd(_ ending: ChildProcess.Ending) -> GradeResult? {
    switch ending.cause {
    case .timedOut: return outOfPatience
    case .signalled(let signal) where Signal.outOfTime.contains(signal): return outOfTime
    case .printedTooMuch:
      return GradeResult(
        exercise, .tooMuchOutput,
        message: "It printed more than \(Limits.outputBytesMax >> 20) MiB. A print in a scenario "
          + "runs once for every execution.")
    case .reportedTooMuch:
      return GradeResult(
        exercise, .tooMuchOutput,
        message: "Its explorations reported more than \(Limits.frameBytesMax >> 20) MiB. Names and "
          + "messages are part of a report: keep them short.")
    case .signalled(let signal):
      if ending.saysOutOfMemory {
        let limit = Limits.memoryBytesMax >> 20
        return GradeResult(exercise, .outOfMemory, message: "It asked for more than \(limit) MiB.")
      }
      if let what = ending.refused {
        return crashed(
          ending, "It asked the system for \(what), which no answer may have: remove that.")
      }
      if ending.saysStackOverflow {
        return crashed(
          ending,
          "Stack overflow: some function calls itself without end, or keeps too much in "
            + "its variables. Give the recursion an end.")
      }
      return crashed(
        ending,
        "The program ended with signal \(signal) (\(Signal.name(signal))). "
          + "A broken precondition, an index out of range and an overflow end like this, and so "
          + "does a lab with more than \(Explorer::Limits.threadCountMax - 2) threads, or with a "
          + "CPU that is not in 0 ..< \(Explorer::Limits.cpuCountMax).")
    case .exited, .cancelled: return nil
    }
  }

  /// It computed for too long.
  private var outOfTime: GradeResult {
    GradeResult(
      exercise, .timedOut,
      message: "It took \(Limits.cpuSecondsMax) s of processor time: some loop or wait has no end "
        + "that the explorer sees. `Machine.spin(until:)` says what is awaited.")
  }

  /// It hardly computed, and did not end: whoever computes reaches the other limit first.
  private var outOfPatience: GradeResult {
    GradeResult(
      exercise, .timedOut,
      message: "It took \(Limits.wallMillisecondsMax / 1000) s, and less than "
        + "\(Limits.cpuSecondsMax) s of them computing. Is this machine busy? Then grade again. "
        + "Otherwise some loop or wait has no end that the explorer sees: `Machine.spin(until:)` "
        + "says what is awaited. A global whose first value takes steps of the machine hangs as "
        + "well: make it in the scenario.")
  }

  private func crashed(_ ending: ChildProcess.Ending, _ message: String) -> GradeResult {
    var result = GradeResult(exercise, .crashed, message: message)
    result.details = ending.lastErrorLines
    return result
  }

  private func passed(_ explored: [Explored]) -> GradeResult {
    var result = GradeResult(exercise, .passed, message: "")
    result.count(explored)
    result.isExhaustive = explored.allSatisfy { $0.report.isExhaustive || !$0.expected.isPass }
    let broken = explored.count { !$0.expected.isPass }
    let measured = explored.count(where: \.expected.isCost)
    let held = explored.count - broken - measured
    var parts: [String] = []
    if held > 0 { parts.append("\(held) of \(held) claims hold in every execution") }
    if broken > 0 { parts.append("\(broken) wrong design\(broken == 1 ? "" : "s") exposed") }
    if measured > 0 { parts.append("\(measured) of \(measured) costs within their limits") }
    result.message = parts.joined(separator: ", ") + "."
    return result
  }

  private func failed(_ failing: Explored, among explored: [Explored]) -> GradeResult {
    let report = failing.report
    let isHarmless = report.verdict == .passed && !failing.expected.isPass
    var result = GradeResult(
      exercise, isHarmless ? .expectationFailed : GradeVerdict(report.verdict),
      message: report.failure?.message ?? "")
    result.rule = isHarmless ? "scenario/harmless" : report.failure?.rule
    if isHarmless {
      result.message = "The scenario breaks nothing: every execution of the wrong design is fine."
    } else if report.verdict == .notExhaustive || !report.isExhaustive && report.failure == nil {
      result.verdict = .notExhaustive
      result.message = "The search stopped before it had seen everything: \(report.bound)."
    }
    result.count(explored)
    result.claim = GradeResult.Claim(
      name: report.name, expected: failing.expected.words,
      got: report.failure.map { "\(report.verdict.rawValue) (\($0.rule))" }
        ?? report.verdict.rawValue)
    result.failure = report.failure
    result.misconception = failing.misconception?.id
    result.belief = failing.misconception?.sentence
    if report.verdict == .tooCostly {
      result.claim?.got = "more \(report.failure?.rule.split(separator: "/").last ?? "")"
    } else if report.verdict == .notDeterministic {
      result.message += " Let nothing pass from one execution to the next."
    } else {
      result.replay = report.failure.map { "\(exercise.number).\(failing.index)~\($0.replay)" }
    }
    return result
  }
}

extension GradeResult {
  fileprivate mutating func count(_ explored: [Explored]) {
    executions = explored.reduce(0) { $0 + $1.report.executions }
    isExhaustive = explored.allSatisfy(\.report.isExhaustive)
    let claims = explored.filter { $0.expected.isPass || !$0.expected.isMet(by: $0.report) }
    bound = (claims.last ?? explored.last)?.report.bound ?? ""
  }
}

extension Outcome {
  fileprivate var isPass: Bool { if case .fails = self { false } else { true } }

  fileprivate var isCost: Bool { if case .costs = self { true } else { false } }

  fileprivate var words: String {
    switch self {
    case .passed: "no rule broken in any execution"
    case .fails(let verdict, let rule): "\(verdict.rawValue) (\(rule)) in some execution"
    case .costs(let limit): "at most \(limit.words)"
    }
  }
}

extension ChildProcess.Ending {
  /// What a refused system call was after.
  fileprivate var refused: String? {
    let lines = String(decoding: errors, as: UTF8.self).split(separator: "\n")
    if let line = lines.last(where: { $0.hasPrefix(Confession.refused) }) {
      return String(line.dropFirst(Confession.refused.count))
    }
    return cause == .signalled(Signal.refused)
      ? "another process, a file to write, or the like" : nil
  }

  fileprivate var saysStackOverflow: Bool {
    guard [.signalled(SIGSEGV), .signalled(SIGBUS)].contains(cause) else { return false }
    return String(decoding: errors, as: UTF8.self).split(separator: "\n")
      .contains { $0 == Confession.overflow }
  }

  /// The runtime's words when memory cannot be had.
  fileprivate var saysOutOfMemory: Bool {
    let text = String(decoding: errors, as: UTF8.self)
    return ["failed to allocate", "Could not allocate memory", "std::bad_alloc"].contains {
      text.contains($0)
    }
  }

  fileprivate var lastErrorLines: [String] {
    String(decoding: errors, as: UTF8.self).split(separator: "\n")
      .prefix { !$0.hasPrefix("Current stack trace") }.prefix(3).map { String($0) }
  }
}
