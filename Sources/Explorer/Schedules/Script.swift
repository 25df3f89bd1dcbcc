/// A schedule to follow step by step, made from a replay name or from an execution just seen.
final class Script {
  struct Line: Equatable {
    var thread: Int
    /// Six bits of the step's signature; nil where the schedule has not been run yet.
    var check: UInt8?
  }

  let lines: [Line]
  let choices: [UInt64]
  private(set) var position = 0
  private var choicesTaken = 0
  /// Why the program turned out to be another one, and at which step.
  private(set) var refusal: (step: Int, reason: String)?

  init(lines: [Line], choices: [UInt64]) {
    self.lines = lines
    self.choices = choices
  }

  func rewind() {
    position = 0
    choicesTaken = 0
    refusal = nil
  }

  var next: Line? { position < lines.count ? lines[position] : nil }

  func advance() { position += 1 }

  func refuse(_ reason: String) { refusal = (position + 1, reason) }

  /// The program's next open choice, or nil where the schedule knows of none.
  func nextChoice(below limit: UInt64) -> UInt64? {
    guard choicesTaken < choices.count, choices[choicesTaken] < limit else { return nil }
    choicesTaken += 1
    return choices[choicesTaken - 1]
  }
}

/// An open choice that an execution took: before which step, and what came out.
struct Choice {
  var position: Int
  var value: UInt64
}

extension ExplorationConductor {
  /// The thread that the script names, if the program is still the one it was made from.
  func followScript(_ enabled: UInt32) -> VirtualThread? {
    guard let script, let line = script.next else {
      ending = .scriptEnded
      return nil
    }
    guard line.thread < threads.count else {
      script.refuse("there is no thread number \(line.thread)")
      ending = .diverged
      return nil
    }
    let thread = threads[line.thread]
    guard enabled & thread.bit != 0 else {
      script.refuse("\(thread.name) cannot take a step here")
      ending = .diverged
      return nil
    }
    if let check = line.check, check != ReplayName.check(signature(of: thread)) {
      script.refuse("\(thread.name) is about to do something else")
      ending = .diverged
      return nil
    }
    script.advance()
    return thread
  }

  /// The schedule of the current execution up to here.
  func currentScript() -> Script {
    Script(
      lines: trace.map { Script.Line(thread: $0.thread, check: nil) },
      choices: choices.map(\.value))
  }
}
