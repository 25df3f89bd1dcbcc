internal import Machine

// A sleeper's queue is one hidden word under a hidden lock, as a futex has its bucket: four bits a
// thread, the first to be woken lowest. A sleeper then waits for a word of its own to count up.

extension GraphConductor {
  /// Sleeps while the word holds `expected`.
  ///
  /// - Returns: 1 if the thread was woken or the word differed, 0 if its time was over.
  func park(
    _ thread: GraphThread, on word: UInt, while expected: UInt32, deadline: UInt64?
  ) -> UInt64 {
    if let failure = thread.sleepMisuse {
      fail(failure)
      return 1
    }
    lockBucket(of: word)
    let found = perform(read(at: word, width: 4))
    if found == UInt64(expected) {
      changeQueue(of: word) { queue in
        let position = (64 - queue.leadingZeroBitCount + 3) / 4 * 4
        return queue | UInt64(thread.index) << UInt64(position)
      }
    }
    unlockBucket(of: word)
    guard found == UInt64(expected) else { return 1 }
    if let deadline, choose(below: 2, by: thread) == 1 {
      return timeOut(thread, word, deadline)
    }
    thread.hasDeadline = deadline != nil
    awaitWakeUp(thread)
    thread.hasDeadline = false
    return 1
  }

  private func awaitWakeUp(_ thread: GraphThread) {
    thread.wakeUps += 1
    var node = hidden(.read, .wakeUps(thread.index))
    node.traits.formUnion([.waits, .acquire])
    node.wanted = Wanted(mask: .max, value: thread.wakeUps)
    _ = perform(GraphOperation(kind: .read, node: node))
  }

  /// Leaves the queue, unless somebody was faster.
  private func timeOut(_ thread: GraphThread, _ word: UInt, _ deadline: UInt64) -> UInt64 {
    var wasQueued = false
    lockBucket(of: word)
    changeQueue(of: word) { queue in
      var (kept, position, left) = (UInt64(0), UInt64(0), queue)
      while left != 0 {
        if left & 15 == UInt64(thread.index) {
          wasQueued = true
        } else {
          kept |= (left & 15) << position
          position += 4
        }
        left >>= 4
      }
      return kept
    }
    unlockBucket(of: word)
    guard wasQueued else {
      awaitWakeUp(thread)
      return 1
    }
    thread.now = max(thread.now, deadline)
    return 0
  }

  /// Wakes up to `count` sleepers, the first first.
  ///
  /// - Returns: How many.
  func wake(_ word: UInt, count: UInt32) -> UInt64 {
    var woken: [UInt64] = []
    lockBucket(of: word)
    changeQueue(of: word) { queue in
      var left = queue
      while left != 0, woken.count < Int(min(count, 16)) {
        woken.append(left & 15)
        left >>= 4
      }
      return left
    }
    for sleeper in woken {
      let place = GraphPlaces.Hidden.wakeUps(Int(sleeper))
      let before = perform(GraphOperation(kind: .read, node: hidden(.read, place)))
      var node = hidden(.write, place)
      node.value = before + 1
      node.traits.insert(.release)
      _ = perform(GraphOperation(kind: .write, node: node))
    }
    unlockBucket(of: word)
    return UInt64(woken.count)
  }

  // MARK: - The bucket

  private func changeQueue(of word: UInt, _ change: (UInt64) -> UInt64) {
    let before = perform(GraphOperation(kind: .read, node: hidden(.read, .sleepers(word))))
    let after = change(before)
    guard after != before else { return }
    var node = hidden(.write, .sleepers(word))
    node.value = after
    _ = perform(GraphOperation(kind: .write, node: node))
  }

  private func lockBucket(of word: UInt) {
    var node = hidden(.read, .bucket(word))
    node.traits = [.waits, .update, .acquire, .lock]
    node.wanted = Wanted(mask: .max, value: 0)
    var operation = GraphOperation(kind: .read, node: node)
    operation.update = GraphUpdate(
      kind: .exchange, operand: 1, width: 8, traits: [.update, .lock])
    _ = perform(operation)
  }

  private func unlockBucket(of word: UInt) {
    var node = hidden(.write, .bucket(word))
    node.traits = [.release, .unlock]
    _ = perform(GraphOperation(kind: .write, node: node))
  }
}
