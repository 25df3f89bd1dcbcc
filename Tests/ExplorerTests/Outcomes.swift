import Explorer
import Machine

/// Collects what executions ended with.
// Safety: all executions of one exploration share one OS thread.
final class Outcomes: @unchecked Sendable {
  private(set) var counts: [[UInt64]: Int] = [:]

  func note(_ values: UInt64...) { counts[values, default: 0] += 1 }
  func note(_ values: [UInt64]) { counts[values, default: 0] += 1 }

  var set: Set<[UInt64]> { Set(counts.keys) }
}

/// A record of words for litmus-like programs.
struct Words: ~Copyable {
  let x = Word<UInt64>(0)
  let y = Word<UInt64>(0)
  let z = Word<UInt64>(0)
  let r0 = Word<UInt64>(0)
  let r1 = Word<UInt64>(0)
}

/// Two plain fields.
struct Plain: ~Copyable {
  let data = Cell<UInt64>(0)
  let flag = Word<UInt64>(0)
}

/// Both kinds of search, for tests that compare them.
func options(_ reduction: ExplorationOptions.Reduction) -> ExplorationOptions {
  var options = ExplorationOptions()
  options.reduction = reduction
  return options
}
