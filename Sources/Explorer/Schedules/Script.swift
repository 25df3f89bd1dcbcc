/// Decides instead of a search: who steps next, and what an open choice comes to.
class Guide {
  /// Why the program turned out to be another one, and at which step.
  fileprivate(set) var refusal: (step: Int, reason: String)?

  /// The thread that steps next; nil ends the execution.
  func next(of enabled: UInt32, in conductor: ExplorationConductor) -> VirtualThread? {
    preconditionFailure("a guide that decides nothing")
  }

  /// What the program's next open choice comes to; nil ends the execution.
  func nextChoice(below limit: UInt64) -> UInt64? {
    preconditionFailure("a guide that chooses nothing")
  }
}

/// A schedule to follow step by step, made from a replay name or from an execution just seen.
class Script: Guide {
  struct Line: Equatable {
    var thread: Int
    /// Six bits of the step's signature; nil where the schedule has not been run yet.
    var check: UInt8?
  }

  let lines: [Line]
  let choices: [UInt64]
  private(set) var position = 0
  private var choicesTaken = 0

  init(lines: [Line], choices: [UInt64]) {
    self.lines = lines
    self.choices = choices
  }

  func rewind() {
    position = 0
    choicesTaken = 0
    refusal = nil
  }

  /// Nothing of the schedule is left.
  var isAtEnd: Bool { position == lines.count }

  private func refuse(_ reason: String) { refusal = (position + 1, reason) }

  /// The program's next open choice, or nil where the schedule knows of none.
  override func nextChoice(below limit: UInt64) -> UInt64? {
    guard choicesTaken < choices.count, choices[choicesTaken] < limit else { return nil }
    choicesTaken += 1
    return choices[choicesTaken - 1]
  }

  /// The thread that the script names, if the program is still the one it was made from.
  override func next(of enabled: UInt32, in conductor: ExplorationConductor) -> VirtualThread? {
    guard position < lines.count else {
      conductor.ending = .scriptEnded
      return nil
    }
    let line = lines[position]
    guard line.thread < conductor.threads.count else {
      return end(conductor, "there is no thread number \(line.thread)")
    }
    let thread = conductor.threads[line.thread]
    guard enabled & thread.bit != 0 else {
      return end(conductor, "\(thread.name) cannot take a step here")
    }
    if let check = line.check, check != ReplayName.check(conductor.signature(of: thread)) {
      return end(conductor, "\(thread.name) is about to do something else")
    }
    position += 1
    return thread
  }

  private func end(_ conductor: ExplorationConductor, _ reason: String) -> VirtualThread? {
    refuse(reason)
    conductor.ending = .diverged
    return nil
  }
}

/// An open choice that an execution took: before which step, and what came out.
struct Choice {
  var position: Int
  var value: UInt64
}

extension ExplorationConductor {
  /// The schedule of the current execution up to here.
  func currentScript() -> Script {
    Script(
      lines: trace.map { Script.Line(thread: $0.thread, check: nil) },
      choices: choices.map(\.value))
  }
}
