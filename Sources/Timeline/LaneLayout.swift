/// How many columns each part of a lane table gets.
struct LaneLayout {
  let options: TextOptions
  let numberColumns: Int
  /// Columns for the marks of each lane: none where no step is marked.
  let markColumns: [Int]
  let locationColumns: Int
  let titleColumns: Int
  let laneColumns: [Int]
  /// Whether all lanes share one column, because there are more than fit side by side.
  let isStacked: Bool
  /// Columns of that shared column.
  let stackedColumns: Int

  init(_ table: LaneTable, _ options: TextOptions) {
    self.options = options
    let repertoire = options.repertoire
    func width(_ text: String) -> Int { DisplayText(text, repertoire).columns }
    let numberMax = table.rows.compactMap(\.number).max() ?? table.rows.count
    numberColumns = String(max(numberMax, 1)).count + 3

    let locations = table.rows.map { width($0.location) }.max() ?? 0
    let locationMax = min(Limits.locationColumnsMax, options.columns / 3)
    locationColumns = locations == 0 ? 0 : min(max(locations, "where".count), locationMax)

    let rest = options.columns - numberColumns - (locationColumns == 0 ? 0 : locationColumns + 3)
    let room = max(rest - 3 * max(table.lanes.count - 1, 0), 0)
    isStacked = table.lanes.count > 1 && room / table.lanes.count < Limits.laneColumnsMin

    let marked = Set(table.rows.filter { $0.mark != nil }.map(\.lane))
    let isShared = isStacked && !marked.isEmpty
    let marks = table.lanes.indices.map { isShared || marked.contains($0) ? 2 : 0 }
    var wanted = zip(table.lanes, marks).map { max(width($0), $1 + 1) }
    for row in table.rows {
      wanted[row.lane] = max(
        wanted[row.lane],
        marks[row.lane] + width(row.text) + (row.detail.isEmpty ? 0 : 2 + width(row.detail)))
    }
    markColumns = marks
    laneColumns = Self.share(room, among: wanted)
    titleColumns = min(max(table.lanes.map(width).max() ?? 0, "lane".count), rest / 4)
    stackedColumns = min(max(wanted.max() ?? 0, "step".count), rest - titleColumns - 3)
  }

  /// Where the text of a lane begins.
  func laneStart(_ lane: Int) -> Int {
    numberColumns + laneColumns.prefix(lane).reduce(0) { $0 + $1 + 3 }
  }

  /// Where the locations begin: one column, or none if no step has a location.
  var locationStarts: [Int] {
    locationColumns == 0 ? [] : [width - locationColumns]
  }

  /// Columns of the whole table.
  var width: Int {
    let steps =
      isStacked
      ? titleColumns + 3 + stackedColumns
      : laneColumns.reduce(0, +) + 3 * max(laneColumns.count - 1, 0)
    return numberColumns + steps + (locationColumns == 0 ? 0 : locationColumns + 3)
  }

  func fit(_ text: String, _ columns: Int) -> String {
    DisplayText(text, options.repertoire).shortened(to: columns).string
  }

  /// Gives every lane what it wants; if that is too much, the widest lanes give up columns first.
  static func share(_ room: Int, among wanted: [Int]) -> [Int] {
    var granted = wanted.map { _ in 0 }
    var left = room
    var open = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    while let smallest = open.first {
      let grant = min(wanted[smallest], left / open.count)
      granted[smallest] = grant
      left -= grant
      open.removeFirst()
    }
    return granted
  }
}
