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
    if case .enterHandler = thread.pending, thread.cpu == other.cpu,
      thread.context == .interrupt ? step.wasMasked : step.keptSoftirqsOut
    {
      return false
    }
    if step.footprint.frees || thread.footprint.frees { return true }
    let atOnePlace = step.footprint.location == thread.footprint.location
    switch thread.pending {
    case .event(.acquire) where atOnePlace: return !step.footprint.releases
    case .event(.spin(let condition)) where atOnePlace: return condition.holds(for: step.bitsBefore)
    case .wakeUp(_, let deadline) where atOnePlace:
      return deadline != nil || !step.footprint.releases
    case .graceEnds, .reclaim: return step.footprint.grace != .readerEnds
    case .enterHandler:
      let masking =
        thread.context == .interrupt ? step.footprint.interrupts : step.footprint.softirqs
      return masking != .unmasks
    default: return true
    }
  }

  private func want(_ thread: VirtualThread, before index: Int) {
    let position = place(for: thread, before: index)
    let decision = trace[position].decision
    guard decision >= 0 else { return }
    tree.want(initials(before: thread, at: position), preferring: thread.index, at: decision)
  }

  /// Where the thread could have stepped: a handler's steps stand or fall together for whom it
  /// interrupts.
  private func place(for thread: VirtualThread, before index: Int) -> Int {
    let step = trace[index]
    let other = threads[step.thread]
    guard other.cpu == thread.cpu, !other.isTask else { return index }
    let isInterrupt = other.context == .interrupt
    let softirq = Int(isInterrupt ? step.interruptedStep : step.enterStep)
    if softirq >= 0, thread.context != .interrupt, trace[softirq].thread != thread.index {
      return softirq
    }
    return isInterrupt && step.enterStep >= 0 ? Int(step.enterStep) : index
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
