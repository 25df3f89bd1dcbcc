/// What a program may take on a fixed schedule.
public struct Cost: Sendable, Codable, Hashable {
  /// Read-modify-writes, of which taking a lock is one.
  public var updates: Int
  /// Barriers, and accesses as between two of them; not what only the compiler sees.
  public var barriers: Int
  /// Lines that had to come from elsewhere, each CPU's first look at them included.
  public var transfers: Int

  /// So many of each.
  public init(updates: Int, barriers: Int, transfers: Int) {
    self.updates = updates
    self.barriers = barriers
    self.transfers = transfers
  }

  /// In words.
  package var words: String {
    func counted(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    return "\(counted(updates, "update")), \(counted(barriers, "barrier")) and "
      + counted(transfers, "line transfer")
  }

  /// The first kind of which there is more than `limit` allows.
  func excess(over limit: Cost) -> String? {
    if updates > limit.updates { return "updates" }
    if barriers > limit.barriers { return "barriers" }
    return transfers > limit.transfers ? "transfers" : nil
  }
}
