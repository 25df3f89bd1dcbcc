/// What a look costs, for every way to look and every placement.
public enum CacheLineTable {
  /// One cell.
  public struct Cell: Sendable, Hashable {
    /// How the CPUs look.
    public let look: StubLook
    /// Where the fences lie.
    public let placement: StubPlacement
    /// What a look costs once the caches have settled.
    public let cost: LookCost
  }

  /// All cells, look by look.
  public static func cells() -> [Cell] {
    StubLook.allCases.flatMap { look in
      StubPlacement.allCases.map { placement in
        Cell(look: look, placement: placement, cost: StubWorkload(look, placement).settled)
      }
    }
  }

  /// As rows of text: the headings, then misses a look and, in parentheses, cycles of stall.
  public static func rows() -> [[String]] {
    let cells = cells()
    return [["a look is a"] + StubPlacement.allCases.map(\.title)]
      + StubLook.allCases.map { look in
        [look.title]
          + cells.filter { $0.look == look }.map { "\($0.cost.misses) (\($0.cost.stallCycles))" }
      }
  }
}
