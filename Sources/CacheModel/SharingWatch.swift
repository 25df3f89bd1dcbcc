/// Tells why a CPU misses a line it once had.
///
/// A miss is *true sharing* if somebody wrote the word that is missed since the CPU lost the line,
/// and *false sharing* if only neighbours of that word were written.
struct SharingWatch {
  private struct Loss: Hashable {
    let cpu: Int
    let line: Int
  }

  /// What was written to each lost line since, by place.
  private var written: [Loss: Set<ModelMemory.Place>] = [:]

  /// A CPU wrote `place`, and `losers` gave up their copies for it.
  mutating func wrote(_ place: ModelMemory.Place, by cpu: Int, losers: [Int]) {
    for loser in losers { written[Loss(cpu: loser, line: place.line)] = [] }
    for loss in written.keys where loss.line == place.line && loss.cpu != cpu {
      written[loss]?.insert(place)
    }
  }

  /// A CPU has the line again.
  ///
  /// - Returns: The places whose writes took the line away, if none of them is the one wanted.
  mutating func missed(_ place: ModelMemory.Place, by cpu: Int) -> Set<ModelMemory.Place>? {
    guard let writes = written.removeValue(forKey: Loss(cpu: cpu, line: place.line)) else {
      return nil
    }
    return writes.contains(place) ? nil : writes
  }
}
