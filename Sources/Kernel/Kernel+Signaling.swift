internal import Machine

// Whether a fence can be signaled at all is a question of locks: whoever must signal one may wait
// for nothing that somebody holds who waits for the fence. Nothing shows that but annotations.

extension Kernel {
  /// The class of the locks of all reservations.
  public static let reservationClass: StaticString = "reservation"

  /// Says that from here on this task must come to signal a fence (`dma_fence_begin_signalling`).
  ///
  /// It stands before the fence can be seen by others; ``endSignaling()`` stands behind the signal.
  /// Sections nest. Under the explorer, whatever is taken or waited for in between becomes part of
  /// the order of locks. Natively it does nothing.
  public static func beginSignaling() {
    guard Conductor.current != nil else { return }
    declareRules()
    _ = Conductor.perform(.enter(.signaling))
  }

  /// Ends what ``beginSignaling()`` began (`dma_fence_end_signalling`).
  public static func endSignaling() { _ = Conductor.perform(.exit(.signaling)) }

  /// Runs `body`, which signals a fence, as a signaling section.
  public static func withSignaling<Result>(_ body: () -> Result) -> Result {
    beginSignaling()
    defer { endSignaling() }
    return body()
  }

  /// Says that the caller may wait for a fence here, whether or not it will
  /// (`__dma_fence_might_wait`).
  public static func mayWaitForFence() { _ = Conductor.perform(.lockOrder(.mayWaitForFence)) }

  /// What every driver relies on, and so restricts every other one (`dma_resv_lockdep`).
  private static func declareRules() {
    let rules: [(LockOrderNote.Party, LockOrderNote.Party, StaticString)] = [
      (
        .lock(class: reservationClass), .signaling,
        "a fence may be waited for while a reservation's lock is held"
      ),
      (
        .lock(class: reservationClass), .reclaim,
        "memory may be allocated while a reservation's lock is held"
      ),
      (.reclaim, .signaling, "whoever takes memory back may wait for a fence"),
    ]
    for (outer, inner, reason) in rules {
      _ = Conductor.perform(.lockOrder(.rule(outer: outer, inner: inner, reason: reason)))
    }
  }
}
