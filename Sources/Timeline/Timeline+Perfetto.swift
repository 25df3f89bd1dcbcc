extension Timeline {
  /// The run in the JSON trace format that Perfetto and Chromium's tracing page open.
  ///
  /// Tracks become threads of one process; a step lasts one microsecond there.
  public var perfettoTrace: String {
    var entries = [metadata("process_name", thread: 0, title)]
    for (index, track) in tracks.enumerated() {
      entries.append(metadata("thread_name", thread: index + 1, track.name))
    }
    entries += events.map(entry)
    for (index, flow) in flows.enumerated() {
      entries.append(end(of: flow.source, "\"ph\":\"s\"", index, flow.label))
      entries.append(end(of: flow.target, "\"ph\":\"f\",\"bp\":\"e\"", index, flow.label))
    }
    return "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"
      + entries.joined(separator: ",\n") + "\n]}\n"
  }

  private func entry(_ event: Event) -> String {
    let head =
      "{\"name\":\(Self.quoted(event.label)),\(place(event.track)),\"ts\":\(stamp(event.start))"
    if event.kind == .instant { return head + ",\"ph\":\"i\",\"s\":\"t\"}" }
    let duration = (event.end ?? end) - event.start
    return head + ",\"ph\":\"X\",\"dur\":\(stamp(duration)),\"cat\":\"\(event.kind)\"}"
  }

  private func end(of event: Event.ID, _ phase: String, _ index: Int, _ label: String) -> String {
    let name = Self.quoted(label.isEmpty ? "leads to" : label)
    let event = self[event]
    return "{\"name\":\(name),\"cat\":\"flow\",\"id\":\(index),\(phase),\(place(event.track)),"
      + "\"ts\":\(stamp(event.start))}"
  }

  private func metadata(_ name: String, thread: Int, _ value: String) -> String {
    "{\"name\":\"\(name)\",\"ph\":\"M\",\"pid\":1,\"tid\":\(thread),"
      + "\"args\":{\"name\":\(Self.quoted(value))}}"
  }

  private func place(_ track: Track.ID) -> String { "\"pid\":1,\"tid\":\(track.index + 1)" }

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
