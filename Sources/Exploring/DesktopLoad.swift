internal import CacheModel
internal import Debates
internal import Desktop
internal import Fences
internal import Simulator

extension WholeLoad {
  /// The desktop under a design: what its lines cost, and what breaks.
  static let desktop = WholeLoad(
    name: "desktop", title: "whole load",
    meaning: """
      a desktop of \(frames) frames with a hang: lines that come from another CPU's cache and \
      cycles that CPUs wait, per frame; late frames; what breaks
      """
  ) { policy in
    var options = Desktop.Options()
    options.frames = frames
    options.policy = policy
    let model = CacheModel(CacheMachine(cpuCount: Desktop.processorCount))
    let report = Desktop.run(options, observers: [model])
    let total = model.report.total
    let late = report.statistics.reduce(0) { $0 + $1.late }
    let costs =
      "\(total.transfers / frames) transfers and \(total.stallCycles / frames) cycles a frame, "
      + "\(late) late"
    return report.problems.isEmpty ? costs : costs + "; " + report.problems.joined(separator: "; ")
  }

  private static let frames = 20
}
