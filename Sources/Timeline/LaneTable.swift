/// One step of a schedule: what one lane did.
public struct LaneRow: Sendable, Hashable {
  /// The lane's index in `LaneTable.lanes`.
  public let lane: Int
  /// What happened, usually the source text of the step.
  public let text: String
  /// Behind the text, and never shortened: the value that was read or written.
  public let detail: String
  /// Where it stands, `File.swift:12`; empty if nowhere.
  public let location: String
  /// What a reader must notice about this step.
  public let mark: Mark?
  /// The step's number in the whole schedule; nil where the table shows every step.
  public let number: Int?

  /// Describes one step.
  public init(
    lane: Int, text: String, detail: String = "", location: String = "", mark: Mark? = nil,
    number: Int? = nil
  ) {
    self.detail = detail
    self.number = number
    self.lane = lane
    self.text = text
    self.location = location
    self.mark = mark
  }
}

extension LaneRow {
  /// Text and detail in at most so many columns; the text gives way.
  func fitted(_ columns: Int, _ repertoire: Repertoire = .unicode) -> String {
    let behind = detail.isEmpty ? "" : "  " + detail
    let room = columns - DisplayText(behind, repertoire).columns
    guard room > 3 else { return DisplayText(text, repertoire).shortened(to: columns).string }
    return DisplayText(text, repertoire).shortened(to: room).string + behind
  }
}

/// A schedule drawn with one column per lane and one row per step, in global order.
///
/// The columns stand for CPUs, so a reader follows one CPU downwards and sees between which of its
/// steps the others ran. Where there are more lanes than columns can hold, the lane's title moves
/// into a column of its own and all steps share one.
public struct LaneTable: Sendable, Hashable {
  /// The lanes' titles, from left to right.
  public let lanes: [String]
  /// The steps in global order.
  public let rows: [LaneRow]

  /// Arranges `rows` under the titles of their lanes.
  ///
  /// - Precondition: every row's lane is an index of `lanes`.
  public init(lanes: [String], rows: [LaneRow]) {
    for row in rows {
      precondition(
        lanes.indices.contains(row.lane), "a step names lane \(row.lane) of \(lanes.count)")
    }
    self.lanes = lanes
    self.rows = rows
  }
}
