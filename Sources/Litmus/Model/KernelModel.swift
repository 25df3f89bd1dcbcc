/// The axioms of the kernel memory model beside coherence and atomicity, which the search keeps.
enum Axiom {
  case happensBefore, propagation, readCopyUpdate, plainCoherence
}

/// The kernel memory model, applied to one candidate execution.
///
/// The names are the model's own; each line is one of its formulas. What is computed from a part of
/// the coherence order is a part of what the whole gives, so a violation found early stays one.
struct KernelModel {
  private let text: ProgramRelations
  private let rf: Relation
  private let co: Relation
  private let fr: Relation
  private let rfe: Relation
  private let rfi: Relation
  private let poUnlockLockPo: Relation
  private let rmwSequence: Relation
  // Filled in as the axioms are checked.
  private var addr: Relation
  private var fence: Relation
  private var strongFence: Relation
  private var nonRW: Relation
  private var cumulFence: Relation
  private var hb: Relation
  private var pb: Relation
  private var rb: Relation
  private var prop: Relation

  init(_ text: ProgramRelations, rf: Relation, co: Relation) {
    self.text = text
    self.rf = rf
    self.co = co
    fr = rf.inverse.then(co)
    rfe = rf & text.ext
    rfi = rf & text.int
    let empty = Relation(count: text.count)
    rmwSequence = text.rmw.isEmpty ? text.identity : rf.then(text.rmw).star
    poUnlockLockPo =
      text.hasLocks
      ? text.po.to(text.unlocks).then((text.po | rf).to(text.lockReads)).then(text.po) : empty
    (addr, fence, strongFence, nonRW, cumulFence) = (empty, empty, empty, empty, empty)
    (hb, pb, rb, prop) = (empty, empty, empty, empty)
  }

  /// The axiom the candidate violates, if any.
  mutating func violation() -> Axiom? {
    computeFences()
    computeHappensBefore()
    let hbPlus = hb.plus
    if !hbPlus.isIrreflexive { return .happensBefore }
    let hbStar = hbPlus.optional
    if !strongFence.isEmpty {
      pb = prop.then(strongFence).then(hbStar).to(text.marked)
      if !pb.isAcyclic { return .propagation }
    }
    if !text.gracePeriods.isEmpty {
      let rcuFence = self.rcuFence(hbStar)
      rb = prop.then(rcuFence).then(hbStar).then(pb.star).to(text.marked)
      if !rb.isIrreflexive { return .readCopyUpdate }
      fence |= rcuFence
      strongFence |= rcuFence
    }
    return text.plain.isEmpty || isPlainCoherent ? nil : .plainCoherence
  }

  private mutating func computeFences() {
    let afterUnlockLock =
      text.hasLocks
      ? text.po.to(text.unlocks).then((text.po | rf).to(text.lockReads))
        .then(text.afterUnlockLock)
      : Relation(count: text.count)
    let mb = text.mb | afterUnlockLock.from(text.accesses)
    strongFence = mb | text.gp
    nonRW = strongFence | text.poRel | text.acqPo
    fence = nonRW | text.wmb | text.rmb
  }

  private mutating func computeHappensBefore() {
    let step = text.data.then(rfi)
    let carry = step.star
    let isCarried = !step.isEmpty
    let data = isCarried ? carry.then(text.data) : text.data
    let ctrl = isCarried ? carry.then(text.ctrl) : text.ctrl
    addr = isCarried ? carry.then(text.addr) : text.addr
    let overwrite = co | fr
    let toW =
      (addr | data | ctrl).to(text.writes) | (overwrite & text.int)
      | addr.to(text.plain).then(text.wmb)
    let toR = addr.to(text.reads) | (addr | data).to(text.marked).then(rfi)
    let ppo = toR | toW | (fence & text.int) | (poUnlockLockPo & text.int)
    let strong = strongFence | text.poRel
    let cumulative = strong | rfe.to(text.marked).then(strong) | text.wmb | poUnlockLockPo
    cumulFence = cumulative.from(text.marked).to(text.marked).then(rmwSequence)
    let external = (overwrite & text.ext).optional
    prop = external.from(text.marked).then(cumulFence.star).to(text.marked).then(rfe.optional)
      .to(text.marked)
    hb = (ppo | rfe | (prop & text.inner)).from(text.marked).to(text.marked)
  }

  /// Pairs ordered because between them are at least as many grace periods as read sections.
  private func rcuFence(_ hbStar: Relation) -> Relation {
    let link = text.po.optional.then(hbStar).then(pb.star).then(prop).then(text.po)
    let gp = Relation.identity(on: text.gracePeriods)
    let rscsi = text.rscs.inverse
    let gpLink = gp.then(link)
    let rscsiLink = rscsi.then(link)
    var order = gp | gpLink.then(rscsi) | rscsiLink.then(gp)
    while true {
      let linked = order.then(link)
      let wider =
        order | gpLink.then(linked).then(rscsi) | rscsiLink.then(linked).then(gp)
        | linked.then(order)
      if wider == order { break }
      order = wider
    }
    return text.po.then(order).then(text.po.optional)
  }

  // MARK: - Plain accesses

  /// What is visible where, for plain accesses.
  private struct Visibility {
    let ww: Relation
    let wr: Relation
    let rw: Relation
  }

  private var visibility: Visibility {
    let xb = (hb | pb | rb).star
    let vis = cumulFence.star.then(rfe.optional).to(text.marked)
      .then(strongFence.to(text.marked).then(xb) | (xb & text.int))
    let wPre = (addr | fence).optional.from(text.marked)
    let rPre = (addr | nonRW | text.rmb).optional.from(text.marked)
    let wPost = fence.optional.to(text.marked).then(rmwSequence)
    let rPost = (nonRW | text.rmb).optional.to(text.marked)
    let strong = strongFence.then(xb)
    let seen = wPost.then(vis)
    return Visibility(
      ww: fence | strong.then(wPre) | seen.then(wPre),
      wr: fence | strong.then(rPre) | seen.then(rPre),
      rw: fence | rPost.then(xb).then(wPre))
  }

  private var isPlainCoherent: Bool {
    let (visibility, preRace) = (visibility, text.preRace)
    return (preRace & rf & visibility.rw.inverse).isEmpty
      && (preRace & fr & visibility.wr.inverse).isEmpty
      && (preRace & co & visibility.ww.inverse).isEmpty
  }

  /// The pairs that race, in a candidate without a violation.
  var races: Relation {
    guard !text.plain.isEmpty else { return Relation(count: text.count) }
    let (visibility, preRace) = (visibility, text.preRace)
    let ordered =
      visibility.ww & (text.fromMarked | visibility.rw) & (text.toMarked | visibility.wr)
    let ww = (preRace & co) - ordered
    let wr = (preRace & co.optional.then(rf)) - visibility.wr - visibility.rw.inverse
    let rw = (preRace & fr) - visibility.rw
    return ww | wr | rw
  }
}
