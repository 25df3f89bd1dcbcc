internal import ScenarioKit

/// How a search goes, in one line.
struct ProgressLine {
  private let progress: SearchProgress

  init(_ progress: SearchProgress) { self.progress = progress }

  var text: String {
    let name = progress.name.count <= 30 ? progress.name : progress.name.prefix(29) + "…"
    if let random = progress.random { return "\(name): \(random) random schedules" }
    let about = progress.estimate.map { " of about \(Self.grouped($0))" } ?? ""
    return "\(name): \(Self.grouped(progress.executions)) executions\(about), "
      + "\(Self.grouped(progress.perSecond)) a second"
  }

  /// Digits in groups of three.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0, digit != "-" { text.append(" ") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
