import Explorer
import Fences
import Machine

/// A small program that an ordering must hold together: it passes as it is, and fails without.
struct WeakeningProgram: Sendable {
  /// What it does, as reports name it.
  let name: String
  /// Whether locks and read sections are run access by access.
  var opensPrimitives = false
  /// Which of the debated designs its fences follow.
  var policy = FencePolicy.upstream
  let body: @Sendable (Lab) -> Void

  /// Every program, in the order in which they are tried.
  static let all =
    locks + publication + references + sleeping + deferral + fences + policies + sharing

  func explore(_ weakening: Weakening) -> ExplorationReport {
    var options = ExplorationOptions()
    options.memory = .weak
    options.opensPrimitives = opensPrimitives
    options.weakening = weakening
    options.executionsMax = 200_000
    return FencePolicy.with(policy) { Explorer.explore(name, options: options, body) }
  }
}

/// Words and cells that the programs share.
struct Shared: ~Copyable {
  let x = Word<UInt32>(0)
  let y = Word<UInt32>(0)
  let cell = Cell<UInt32>(0)
}
