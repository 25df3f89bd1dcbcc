extension PathBuilder {
  func lock(
    _ lock: LitmusExpression, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [ThreadPath] {
    try evaluate(lock, path, site).mapThrowing { step throws(LitmusError) in
      try step.path.locking(step.value, site)
    }
  }

  func unlock(
    _ lock: LitmusExpression, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [ThreadPath] {
    try evaluate(lock, path, site).mapThrowing { step throws(LitmusError) in
      try step.path.adding(
        PathEvent(
          kind: .unlock, mark: .release, address: step.value, control: site.control,
          line: site.line))
    }
  }

  func tryLock(
    _ lock: LitmusExpression, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [Step] {
    try evaluate(lock, path, site).flatMapThrowing { step throws(LitmusError) -> [Step] in
      let reads = step.path.nextRead.reads
      return [
        (
          try step.path.locking(step.value, site),
          Tracked(formula: .constant(.boolean(true)), reads: reads)
        ),
        (
          try step.path.seeing(.lockFailed, step.value, site),
          Tracked(formula: .constant(.boolean(false)), reads: reads)
        ),
      ]
    }
  }

  func isLocked(
    _ lock: LitmusExpression, _ path: ThreadPath, _ site: Site
  ) throws(LitmusError) -> [Step] {
    try evaluate(lock, path, site).flatMapThrowing { step throws(LitmusError) -> [Step] in
      let reads = step.path.nextRead.reads
      return try [EventKind.seenLocked, .seenUnlocked].mapThrowing { kind throws(LitmusError) in
        (
          try step.path.seeing(kind, step.value, site),
          Tracked(formula: .constant(.boolean(kind == .seenLocked)), reads: reads)
        )
      }
    }
  }
}

extension ThreadPath {
  fileprivate func locking(_ lock: Tracked, _ site: Site) throws(LitmusError) -> ThreadPath {
    let readHalf = events.count
    let read = PathEvent(
      kind: .lockRead, mark: .acquire, address: lock, control: site.control, line: site.line)
    let write = PathEvent(
      kind: .lockWrite, address: lock, value: .integer(1), control: site.control,
      readHalf: readHalf, line: site.line)
    return try adding(read).adding(write)
  }

  fileprivate func seeing(
    _ kind: EventKind, _ lock: Tracked, _ site: Site
  ) throws(LitmusError) -> ThreadPath {
    try adding(PathEvent(kind: kind, address: lock, control: site.control, line: site.line))
  }
}
