internal import Machine

extension ExplorationConductor {
  /// Finds the earlier steps that the pending step of this thread could have come before, and asks
  /// the search to try that.
  ///
  /// For each other thread it is the latest step that is dependent, not known to come first, and
  /// at which both could have been next (Flanagan and Godefroid 2005, with one representative a
  /// thread instead of one in all; more is only more work).
  func wantAlternatives(to thread: VirtualThread) {
    guard tree.reduction == .dynamic else { return }
    var settled = thread.bit | 1
    let all = threads.reduce(0 as UInt32) { $0 | $1.bit }
    for index in stride(from: trace.count - 1, through: 0, by: -1) {
      let step = trace[index]
      let bit = threads[step.thread].bit
      if settled & bit != 0 { continue }
      if thread.order[step.thread] >= step.count {
        settled |= bit
        if settled == all { return }
        continue
      }
      let other = threads[step.thread]
      guard
        areDependent(
          step.footprint, thread.footprint, sameCPU: other.cpu == thread.cpu,
          bothTasks: other.isTask && thread.isTask),
        couldComeFirst(thread, before: step)
      else { continue }
      settled |= bit
      want(thread, before: index)
    }
  }

  /// Whether the pending step could have been next where the other step was taken: not if it was
  /// that step which made it possible.
  private func couldComeFirst(_ thread: VirtualThread, before step: Step) -> Bool {
    // Within a region that keeps it out no; then it is about coming before the whole region.
    let other = threads[step.thread]
    if step.wasUnpreempted, thread.isTask, other.isTask, thread.cpu == other.cpu { return false }
    if case .enterInterrupt = thread.pending, step.wasMasked, thread.cpu == other.cpu {
      return false
    }
    if step.footprint.frees || thread.footprint.frees { return true }
    let atOnePlace = step.footprint.location == thread.footprint.location
    switch thread.pending {
    case .event(.acquire) where atOnePlace: return !step.footprint.releases
    case .event(.spin(let condition)) where atOnePlace: return condition.holds(for: step.bitsBefore)
    case .wakeUp(_, let deadline) where atOnePlace:
      return deadline != nil || !step.footprint.releases
    case .graceEnds, .reclaim, .event(.graceBarrier): return step.footprint.grace != .readerEnds
    case .enterInterrupt: return step.footprint.interrupts != .unmasks
    default: return true
    }
  }

  private func want(_ thread: VirtualThread, before index: Int) {
    var position = index
    let step = trace[index]
    let other = threads[step.thread]
    // A handler's steps stand or fall together for the CPU that it interrupts.
    if step.enterStep >= 0, other.cpu == thread.cpu { position = Int(step.enterStep) }
    let decision = trace[position].decision
    guard decision >= 0 else { return }
    tree.want(initials(before: thread, at: position), preferring: thread.index, at: decision)
  }

  /// The threads that can begin what leads to the pending step without the step at `position`.
  ///
  /// What leads there are the later steps that do not depend on that one. A thread begins if its
  /// first of these depends on none of the others (the initials of a source set: Abdulla, Aronis,
  /// Jonsson and Sagonas, POPL 2014). Any other thread may be asleep here for good reason.
  private func initials(before thread: VirtualThread, at position: Int) -> UInt32 {
    var path: [Step] = []
    var initials: UInt32 = 0
    var seen: UInt32 = 0
    for step in trace[(position + 1)...] where !step.follows(trace[position]) {
      let bit = threads[step.thread].bit
      if seen & bit == 0, !path.contains(where: step.follows) { initials |= bit }
      seen |= bit
      path.append(step)
    }
    if seen & thread.bit == 0, !path.contains(where: { leads($0, to: thread) }) {
      initials |= thread.bit
    }
    return initials
  }

  /// Whether the pending step of the thread depends on this one.
  private func leads(_ step: Step, to thread: VirtualThread) -> Bool {
    if thread.order[step.thread] >= step.count { return true }
    let other = threads[step.thread]
    return areDependent(
      step.footprint, thread.footprint, sameCPU: other.cpu == thread.cpu,
      bothTasks: other.isTask && thread.isTask)
  }
}
