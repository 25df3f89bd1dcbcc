internal import Foundation

/// What the published trace event format wants of a JSON trace, checked entry by entry.
///
/// The sources are the "Trace Event Format" of Chromium's tracing and Perfetto's page on external
/// formats: required keys by phase, both ends of a flow under one id, slices of one thread that
/// nest, and, as importers wish, entries in the order of time.
public struct TraceFormat {
  /// What is wrong, entry by entry and then as a whole; empty for a sound trace.
  public private(set) var problems: [String] = []
  /// How many entries each phase has.
  public private(set) var counts: [String: Int] = [:]

  private struct Slice {
    let start: Double
    let end: Double
  }

  private var slices: [Double: [Slice]] = [:]
  private var flowEnds: [Double: [(phase: String, thread: Double, time: Double)]] = [:]
  private var latest = -Double.infinity
  private var namedThreads: Set<Double> = []

  /// Checks the text of a trace.
  public init(_ json: String) {
    let parsed = try? JSONSerialization.jsonObject(with: Data(json.utf8))
    guard let trace = parsed as? [String: Any], let entries = trace["traceEvents"] as? [Any] else {
      problems = ["no object with a list of traceEvents"]
      return
    }
    for (index, entry) in entries.enumerated() {
      guard let entry = entry as? [String: Any] else {
        problems.append("entry \(index) is no object")
        continue
      }
      check(entry, index)
    }
    checkNesting()
    checkFlows()
  }

  // MARK: - One entry

  private mutating func check(_ entry: [String: Any], _ index: Int) {
    guard let phase = entry["ph"] as? String else {
      problems.append("entry \(index) has no phase")
      return
    }
    counts[phase, default: 0] += 1
    func need(_ key: String, _ holds: Bool) {
      if !holds { problems.append("entry \(index) of phase \(phase) has no proper \(key)") }
    }
    let thread = entry["tid"] as? Double
    need("name", entry["name"] is String)
    need("pid", entry["pid"] is Double)
    need("tid", thread != nil)
    if phase == "M" {
      need("args", (entry["args"] as? [String: Any])?["name"] is String)
      if entry["name"] as? String == "thread_name" { namedThreads.insert(thread ?? -1) }
      return
    }
    let time = entry["ts"] as? Double
    need("ts", time.map { $0 >= 0 } ?? false)
    guard let time, let thread else { return }
    if time < latest { problems.append("entry \(index) is earlier than the one before it") }
    latest = time
    if !namedThreads.contains(thread) {
      problems.append("entry \(index) is on a thread without name")
    }
    switch phase {
    case "X":
      let duration = entry["dur"] as? Double ?? -1
      need("dur", duration >= 0)
      need("cat", entry["cat"] is String)
      slices[thread, default: []].append(Slice(start: time, end: time + duration))
    case "i":
      need("s", ["g", "p", "t"].contains(entry["s"] as? String))
      slices[thread, default: []].append(Slice(start: time, end: time))
    case "s", "f":
      let id = entry["id"] as? Double
      need("id", id != nil)
      need("cat", entry["cat"] is String)
      if phase == "f" { need("bp", entry["bp"] as? String == "e") }
      if let id { flowEnds[id, default: []].append((phase, thread, time)) }
    default: problems.append("entry \(index) has the phase \(phase), which we never write")
    }
  }

  // MARK: - All together

  /// Times have three decimals; two that differ by less are one.
  private static let slack = 0.000_5

  private mutating func checkNesting() {
    for (thread, slices) in slices {
      var open: [Slice] = []
      for slice in slices {
        while let innermost = open.last, innermost.end <= slice.start + Self.slack {
          open.removeLast()
        }
        if let innermost = open.last, slice.end > innermost.end + Self.slack {
          problems.append(
            "on thread \(Int(thread)) a slice at \(slice.start) outlives its outer one")
        }
        open.append(slice)
      }
    }
  }

  private mutating func checkFlows() {
    for (id, ends) in flowEnds {
      guard ends.map(\.phase) == ["s", "f"] else {
        problems.append("flow \(Int(id)) is \(ends.map(\.phase)), not a start and then a finish")
        continue
      }
      for end in ends where !isInSlice(end.time, end.thread) {
        problems.append("an end of flow \(Int(id)) lies in no slice")
      }
    }
  }

  private func isInSlice(_ time: Double, _ thread: Double) -> Bool {
    (slices[thread] ?? []).contains {
      $0.start <= time + Self.slack && time <= $0.end + Self.slack
    }
  }
}
