internal import Machine

/// The kernel's memory model on one graph, as relations between its nodes.
///
/// The axioms are those of the kernel's `tools/memory-model` without sleepable RCU; graphs have no
/// cycle of program order and reads-from to begin with, so load buffering is out. Names are the
/// model's own. Only accesses, region ends and grace periods take part; barriers have become pairs
/// of the accesses around them.
struct KernelOrder {
  let base: KernelOrderBase
  let propagates: Relation
  let happensBefore: Relation
  let propagatesBefore: Relation
  let rcuFence: Relation
  let rcuBefore: Relation

  init(_ graph: ExecutionGraph, withObjects: Bool = false) {
    let base = KernelOrderBase(graph, withObjects: withObjects)
    self.base = base
    propagates = base.outside(base.overwrite).orSame
      .then(base.cumulFence.closure.orSame.to(base.isMarked))
      .then(base.readsFromOutside.orSame)
      .from(base.isMarked).to(base.isMarked)
    let same = Relation.identity(count: base.count)
    happensBefore =
      (base.preserved | base.readsFromOutside | base.inside(propagates - same))
      .from(base.isMarked).to(base.isMarked)
    let hbStar = happensBefore.closure.orSame
    propagatesBefore = propagates.then(base.barriers.strong).then(hbStar).to(base.isMarked)
    if base.gracePeriods.contains(true) || base.barriersEverywhere.contains(true) {
      let rcu = KernelGrace(
        base: base, propagates: propagates, hbStar: hbStar,
        pbStar: propagatesBefore.closure.orSame)
      rcuFence = rcu.fence
      rcuBefore = rcu.before
    } else {
      rcuFence = Relation(count: base.count)
      rcuBefore = rcuFence
    }
  }

  /// Whether the axioms hold: nothing happens before itself.
  var isConsistent: Bool {
    guard happensBefore.isAcyclic, propagatesBefore.isAcyclic, rcuBefore.isIrreflexive else {
      return false
    }
    return base.hasPlainAccesses ? KernelVisibility(self).isCoherent : true
  }
}

/// The axiom of grace periods: a chain with at least as many of them as read sections orders like a
/// strong barrier.
///
/// A barrier on every CPU is a grace period whose sections are single steps. Each step of another
/// lane comes before it or after it, and where one comes after it, so does everything later in the
/// lane: as a section leads back to its beginning, such a step leads forward in program order.
struct KernelGrace {
  let fence: Relation
  let before: Relation

  /// - Parameters:
  ///   - propagates: `prop` of the model.
  ///   - hbStar: `hb*`.
  ///   - pbStar: `pb*`.
  init(base: KernelOrderBase, propagates: Relation, hbStar: Relation, pbStar: Relation) {
    let upTo = base.programOrder.orSame
    let isMemory = base.nodes.map(\.isMemory)
    // Both begin with what comes before them in program order.
    let domains = [
      (
        wait: base.programOrder.to(base.gracePeriods),
        pass: base.programOrder.then(base.sectionsBackwards)
      ),
      (
        wait: base.programOrder.to(base.barriersEverywhere),
        pass: upTo.from(isMemory).to(isMemory)
      ),
    ].filter { !$0.wait.isEmpty }
    let link = upTo.then(hbStar).then(pbStar).then(propagates)
    let linked = domains.map { (wait: $0.wait.then(link), pass: $0.pass.then(link)) }
    var order = Relation(count: base.count)
    for (domain, begin) in zip(domains, linked) {
      order.formUnion(
        domain.wait | begin.wait.then(domain.pass) | begin.pass.then(domain.wait))
    }
    while true {
      let further = order.then(link)
      var larger = order | further.then(order)
      for (domain, begin) in zip(domains, linked) {
        larger.formUnion(
          begin.wait.then(further).then(domain.pass) | begin.pass.then(further).then(domain.wait))
      }
      if larger.bits == order.bits { break }
      order = larger
    }
    fence = order.then(upTo)
    before = propagates.then(fence).then(hbStar).then(pbStar).to(base.isMarked)
  }
}
