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
    // Within a region without preemption no; then it is about coming before the whole region.
    let other = threads[step.thread]
    if step.wasUnpreempted, thread.isTask, other.isTask, thread.cpu == other.cpu { return false }
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
    tree.want(
      candidates(for: thread, after: position), preferring: thread.index, at: decision)
  }

  /// The threads that lead to the pending step: the thread itself, and whoever has a step after
  /// this position on which it depends.
  private func candidates(for thread: VirtualThread, after position: Int) -> UInt32 {
    var candidates = thread.bit
    for step in trace[(position + 1)...] where thread.order[step.thread] >= step.count {
      candidates |= 1 << UInt32(step.thread)
    }
    return candidates
  }
}
