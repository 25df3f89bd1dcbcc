/// Which plain accesses are ordered, and which race.
struct KernelVisibility {
  private let base: KernelOrderBase
  /// A write is seen by a later write, a write by a later read, a read comes before a write.
  private let writeToWrite: Relation
  private let writeToRead: Relation
  private let readToWrite: Relation

  init(_ order: KernelOrder) {
    let base = order.base
    self.base = base
    let marked = Relation.identity(count: base.count) { base.isMarked[$0] }
    let all = base.barriers.all | order.rcuFence
    let strong = base.barriers.strong | order.rcuFence
    let both = base.barriers.both
    let later = (order.happensBefore | order.propagatesBefore | order.rcuBefore).closure.orSame
    let visible = base.cumulFence.closure.orSame.then(base.readsFromOutside.orSame).then(marked)
      .then(strong.then(marked).then(later) | base.inside(later))
    let beforeWrite = marked.then((base.barriers.address | all).orSame)
    let beforeRead = marked.then((base.barriers.address | both | base.barriers.reads).orSame)
    let afterWrite = all.orSame.then(marked).then(base.updateSequence)
    let afterRead = (both | base.barriers.reads).orSame.then(marked)
    let strongThen = strong.then(later)
    let fromWrite = afterWrite.then(visible)
    writeToWrite = all | strongThen.then(beforeWrite) | fromWrite.then(beforeWrite)
    writeToRead = all | strongThen.then(beforeRead) | fromWrite.then(beforeRead)
    readToWrite = all | afterRead.then(later).then(beforeWrite)
  }

  private func mayRace(_ first: Int, _ second: Int) -> Bool {
    !base.isInside(first, second) && !(base.isMarked[first] && base.isMarked[second])
  }

  /// Whether coherence agrees with the order of plain accesses.
  var isCoherent: Bool {
    for first in 0..<base.count {
      var holds = true
      base.readsFrom.forEach(from: first) { second in
        if mayRace(first, second), readToWrite.contains(second, first) { holds = false }
      }
      base.overwrite.forEach(from: first) { second in
        guard mayRace(first, second) else { return }
        let back = base.isRead[first] ? writeToRead : writeToWrite
        if back.contains(second, first) { holds = false }
      }
      if !holds { return false }
    }
    return true
  }

  /// Whether a write, or an object's beginning or end, is ordered before another access.
  func isOrdered(_ first: Int, before second: Int) -> Bool {
    if base.isRead[first] { return readToWrite.contains(first, second) }
    if base.isRead[second] { return writeToRead.contains(first, second) }
    return writeToWrite.contains(first, second)
      && (base.isMarked[first] || readToWrite.contains(first, second))
      && (base.isMarked[second] || writeToRead.contains(first, second))
  }

  /// Pairs that race, earliest first: at least one is plain, at least one writes, nothing orders
  /// them.
  func races() -> [(Int, Int)] {
    var found: [(Int, Int)] = []
    let seen = base.coherence.orSame.then(base.readsFrom)
    for first in 0..<base.count {
      base.overwrite.forEach(from: first) { second in
        if mayRace(first, second), !isOrdered(first, before: second) {
          found.append((first, second))
        }
      }
      seen.forEach(from: first) { second in
        if mayRace(first, second), !writeToRead.contains(first, second),
          !readToWrite.contains(second, first)
        {
          found.append((first, second))
        }
      }
    }
    return found
  }
}
