extension Timeline {
  /// The run in the JSON trace format that Perfetto and Chromium's tracing page open.
  ///
  /// Tracks become threads of one process; a step lasts one microsecond there. The format wants
  /// what happens on one thread to nest, so a track whose events overlap becomes several threads.
  /// All entries are in the order of their times.
  public var perfettoTrace: String {
    let lanes = TraceLanes(self)
    var entries = [metadata("process_name", thread: 0, title)]
    for lane in lanes.lanes {
      let name = tracks[lane.track].name
      entries.append(
        metadata(
          "thread_name", thread: lane.thread, lane.row == 0 ? name : "\(name) (\(lane.row + 1))"))
    }
    var timed = events.indices.map { entry(Event.ID(index: $0), lanes) }
    for (index, flow) in flows.enumerated() { timed += ends(of: flow, index, lanes) }
    timed.sort { ($0.time, $0.rank, $0.place) < ($1.time, $1.rank, $1.place) }
    entries += timed.map(\.text)
    return "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
      + entries.joined(separator: ",\n") + "\n]}\n"
  }

  /// An entry with its place among those of one time: what encloses others first, then what points
  /// at it.
  private struct Entry {
    let time: UInt64
    let rank: UInt64
    let place: Int
    let text: String
  }

  private func entry(_ id: Event.ID, _ lanes: TraceLanes) -> Entry {
    let event = self[id]
    let head =
      "{\"name\":\(Self.quoted(event.label)),\(lanes.place(of: id)),\"ts\":\(stamp(event.start))"
    let duration = (event.end ?? end) - event.start
    let text =
      event.kind == .instant
      ? head + ",\"ph\":\"i\",\"s\":\"t\"}"
      : head + ",\"ph\":\"X\",\"dur\":\(stamp(duration)),\"cat\":\"\(event.kind)\"}"
    return Entry(time: event.start, rank: .max / 2 - duration, place: id.index, text: text)
  }

  /// Both ends of an arrow, none of a backward one: each lies inside its event, and the second is
  /// not before the first.
  private func ends(of flow: Flow, _ index: Int, _ lanes: TraceLanes) -> [Entry] {
    let (source, target) = (self[flow.source], self[flow.target])
    let start = min(max(source.start, target.start), last(of: source))
    let stop = min(max(target.start, start), last(of: target))
    guard start <= stop else { return [] }
    let name = Self.quoted(flow.label.isEmpty ? "leads to" : flow.label)
    func half(_ phase: String, _ id: Event.ID, _ time: UInt64, _ rank: UInt64) -> Entry {
      let text =
        "{\"name\":\(name),\"cat\":\"flow\",\"id\":\(index),\(phase),\(lanes.place(of: id)),"
        + "\"ts\":\(stamp(time))}"
      return Entry(time: time, rank: .max / 2 + rank, place: index, text: text)
    }
    return [
      half("\"ph\":\"s\"", flow.source, start, 1),
      half("\"ph\":\"f\",\"bp\":\"e\"", flow.target, stop, 2),
    ]
  }

  /// The last moment at which an event is still under way.
  private func last(of event: Event) -> UInt64 {
    let end = event.end ?? end
    return end > event.start ? end - 1 : end
  }

  private func metadata(_ name: String, thread: Int, _ value: String) -> String {
    "{\"name\":\"\(name)\",\"ph\":\"M\",\"pid\":1,\"tid\":\(thread),"
      + "\"args\":{\"name\":\(Self.quoted(value))}}"
  }

  /// Microseconds with three decimals, as the format wants them.
  private func stamp(_ time: UInt64) -> String {
    if clock == .steps { return "\(time)" }
    let rest = String(time % 1000 + 1000).dropFirst()
    return "\(time / 1000).\(rest)"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Which thread of the trace each event goes to, so that the events of one thread nest.
private struct TraceLanes {
  struct Lane {
    let track: Int
    /// 0 for the track's first thread.
    let row: Int
    let thread: Int
  }

  private(set) var lanes: [Lane] = []
  private var threads: [Int]

  init(_ timeline: Timeline) {
    threads = Array(repeating: 0, count: timeline.events.count)
    let last = timeline.end
    var eventsOfTrack = [[Int]](repeating: [], count: timeline.tracks.count)
    for (index, event) in timeline.events.enumerated() {
      eventsOfTrack[event.track.index].append(index)
    }
    for track in timeline.tracks.indices {
      func end(_ index: Int) -> UInt64 { timeline.events[index].end ?? last }
      let ordered = eventsOfTrack[track].sorted {
        (timeline.events[$0].start, end($1), $0) < (timeline.events[$1].start, end($0), $1)
      }
      // For each row the ends of what is under way, the innermost last.
      var rows: [[UInt64]] = [[]]
      var chosen: [(event: Int, row: Int)] = []
      for event in ordered {
        let start = timeline.events[event].start
        for row in rows.indices {
          while let innermost = rows[row].last, innermost <= start { rows[row].removeLast() }
        }
        let row = rows.firstIndex { $0.last.map { $0 >= end(event) } ?? true } ?? rows.count
        if row == rows.count { rows.append([]) }
        rows[row].append(end(event))
        chosen.append((event, row))
      }
      for row in rows.indices {
        lanes.append(Lane(track: track, row: row, thread: lanes.count + 1))
      }
      let first = lanes.count - rows.count
      for (event, row) in chosen { threads[event] = lanes[first + row].thread }
    }
  }

  func place(of event: Timeline.Event.ID) -> String {
    "\"pid\":1,\"tid\":\(threads[event.index])"
  }
}
