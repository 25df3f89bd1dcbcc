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
      .then(base.cumulFence.closure.orSame)
      .then(base.readsFromOutside.orSame)
      .from(base.isMarked).to(base.isMarked)
    let same = Relation.identity(count: base.count)
    happensBefore =
      (base.preserved | base.readsFromOutside | base.inside(propagates - same))
      .from(base.isMarked).to(base.isMarked)
    let hbStar = happensBefore.closure.orSame
    propagatesBefore = propagates.then(base.barriers.strong).then(hbStar).to(base.isMarked)
    if base.gracePeriods.contains(true) {
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
struct KernelGrace {
  let fence: Relation
  let before: Relation

  init(base: KernelOrderBase, propagates: Relation, hbStar: Relation, pbStar: Relation) {
    let gp = Relation.identity(count: base.count) { base.gracePeriods[$0] }
    let sections = base.sectionsBackwards
    let link = base.programOrder.orSame.then(hbStar).then(pbStar).then(propagates)
      .then(base.programOrder)
    let gpLink = gp.then(link)
    let sectionLink = sections.then(link)
    var order = gp | gpLink.then(sections) | sectionLink.then(gp)
    while true {
      let linked = order.then(link)
      let larger =
        order | gpLink.then(linked).then(sections) | sectionLink.then(linked).then(gp)
        | linked.then(order)
      if larger.bits == order.bits { break }
      order = larger
    }
    fence = base.programOrder.then(order).then(base.programOrder.orSame)
    before = propagates.then(fence).then(hbStar).then(pbStar).to(base.isMarked)
  }
}
