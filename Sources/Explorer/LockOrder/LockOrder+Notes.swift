internal import Machine

// What a program says about the order without a step on a lock word. A region, such as a signaling
// section, is held like a lock that nobody waits for; whatever may wait for its end takes it.

extension LockOrder {
  mutating func note(_ note: LockOrderNote, by taker: Taker, in arena: Arena) {
    guard finding == nil else { return }
    switch note {
    case .taken(let step): acquired(step, tried: false, by: taker, in: arena)
    case .takenInAnyOrder(let step): acquired(step, tried: true, by: taker, in: arena)
    case .givenBack(let lock): released(lock, by: taker.thread)
    case .mayWaitForFence: mayWait(taker)
    case .mayReclaim: mayReclaim(taker)
    case .reclaims(let begins): reclaims(begins, taker)
    case .rule(let outer, let inner, let reason):
      learn(
        LockFact(
          kind: .nested, taken: name(of: inner), outer: name(of: outer),
          sentence: reason.description))
    }
  }

  /// A signaling section begins; nested ones and those of code that cannot sleep say nothing new.
  mutating func enterSignaling(_ taker: Taker) {
    signalingDepths[taker.thread] += 1
    guard taker.thread > 0, signalingDepths[taker.thread] == 1, !taker.isAtomic else { return }
    enter(.signaling, taker)
  }

  mutating func leaveSignaling(_ thread: Int) {
    signalingDepths[thread] -= 1
    if signalingDepths[thread] == 0 { leave(.signaling, thread) }
  }

  /// Whoever waits waits for the end of somebody's signaling section, but not of its own.
  private mutating func mayWait(_ taker: Taker) {
    let signaling = number(of: .signaling)
    for outer in held[taker.thread] where outer.id != signaling {
      nest(signaling, inside: outer.id) { _, inside in "\(taker.name) waits for a fence \(inside)" }
    }
  }

  private mutating func mayReclaim(_ taker: Taker) {
    let reclaim = number(of: .reclaim)
    for outer in held[taker.thread] where outer.id != reclaim {
      nest(reclaim, inside: outer.id) { _, inside in
        "\(taker.name) allocates with reclaim \(inside)"
      }
    }
  }

  private mutating func reclaims(_ begins: Bool, _ taker: Taker) {
    if begins { enter(.reclaim, taker) } else { leave(.reclaim, taker.thread) }
  }

  // MARK: - Regions

  private mutating func enter(_ region: LockClassName, _ taker: Taker) {
    // No lock lies at the addresses below a page.
    let id = number(of: region)
    held[taker.thread].append(Held(lock: UInt(id), id: id))
  }

  private mutating func leave(_ region: LockClassName, _ thread: Int) {
    let id = number(of: region)
    guard let position = held[thread].lastIndex(where: { $0.id == id }) else { return }
    held[thread].remove(at: position)
  }

  private mutating func number(of name: LockClassName) -> Int {
    let id = names.id(of: name)
    addClass(name, id)
    return id
  }

  private func name(of party: LockOrderNote.Party) -> LockClassName {
    switch party {
    case .lock(let name): LockClassName(lockClass: name)
    case .signaling: .signaling
    case .reclaim: .reclaim
    }
  }
}
