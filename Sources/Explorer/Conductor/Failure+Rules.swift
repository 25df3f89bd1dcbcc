internal import Machine

// What both conductors say in the same words.

extension Failure {
  /// A wait in the setup or in the final claims, where no other thread could end it.
  static func waitAlone(_ thread: String, sleeps: Bool) -> Failure {
    Failure(
      verdict: .endlessWait, rule: "endless-wait/alone",
      message: "\(thread) \(sleeps ? "sleeps" : "waits") although no other thread runs.")
  }

  static func freesNoObject(_ thread: String) -> Failure {
    Failure(
      verdict: .doubleFree, rule: "double-free/no-object",
      message: "\(thread) frees an address that no allocation returned.")
  }

  static func freesAgain(_ thread: String, _ object: Int32, in arena: Arena) -> Failure {
    Failure(
      verdict: .doubleFree, rule: "double-free",
      message: "\(thread) frees \(arena.type(of: object)), which was freed before.",
      object: object)
  }

  static func retiresAgain(_ thread: String, _ object: Int32, in arena: Arena) -> Failure {
    Failure(
      verdict: .doubleFree, rule: "double-free/retired",
      message: "\(thread) retires \(arena.type(of: object)) twice.", object: object)
  }

  static func usesFreed(
    _ thread: String, _ object: Int32, freedBy freer: String, in arena: Arena,
    hasLeftSection: Bool = false
  ) -> Failure {
    let use = "\(thread) uses \(arena.type(of: object)) after \(freer) freed it"
    return Failure(
      verdict: .useAfterFree, rule: "use-after-free",
      message: use + (hasLeftSection ? "; it has left the read section it found it in." : "."),
      object: object)
  }

  static func callbackLost(_ key: UInt, in arena: Arena) -> Failure {
    Failure(
      verdict: .callbackLost, rule: "callback-lost",
      message: "A callback in \(arena.describe(key)) was added, and neither ran nor was removed.",
      object: arena.object(at: key))
  }

  /// A claim of the scenario that does not hold.
  static func claim(_ claim: Expectation) -> Failure? {
    guard !claim.holds else { return nil }
    return Failure(
      verdict: .expectationFailed,
      rule: claim.severity == .warning ? "warning" : "expectation", message: claim.message)
  }

  /// An object that is left when everything has ended.
  static func leak<T: ConductedThread>(in arena: Arena, of threads: [T]) -> Failure? {
    guard
      let lost = arena.objects.firstIndex(where: { !$0.hasEnded })
    else { return nil }
    let object = arena.objects[lost]
    let allocator = threads.first { $0.index == object.allocator }?.name ?? "a thread"
    return Failure(
      verdict: .leak, rule: "leak",
      message: "\(object.type), allocated by \(allocator), is never freed.",
      object: Int32(lost))
  }
}
