internal import Machine

/// Turns a failing graph into the lines of a report.
struct GraphScheduleText {
  let schedule: GraphSchedule
  let failure: Failure
  let recorder: GraphRecorder
  let threads: [GraphThread]

  /// One title a lane: its CPU and the threads on it.
  var lanes: [String] {
    usedLanes.map { lane in
      let here = threads.dropFirst().filter { $0.lane == lane && !$0.isIdle }
      let names = here.map(\.title)
      let place = here.first.map { $0.cpu < Limits.cpuCountMax ? "cpu \($0.cpu): " : "" } ?? ""
      return place + names.joined(separator: ", ")
    }
  }

  private var usedLanes: [Int] {
    Set(threads.dropFirst().map(\.lane)).sorted()
  }

  func steps() -> [ReportStep] {
    let lanes = usedLanes
    var files: [String: [Substring]] = [:]
    var steps: [ReportStep] = schedule.order.compactMap { number -> ReportStep? in
      let node = schedule.graph[number]
      if let handler = recorder.handlers[number] { return entry(of: handler, in: lanes) }
      guard let record = recorder.records[number], record.isFirst else { return nil }
      let line = record.site.line(where: ScheduleText.isWorthSaying)
      return ReportStep(
        lane: lanes.firstIndex(of: Int(node.lane)) ?? 0, thread: name(of: record.thread),
        event: record.event + value(of: node, number),
        source: line.map { ScheduleText.text(of: $0, &files) } ?? "",
        file: line?.file ?? "", line: line?.line ?? 0, mark: mark(of: number), matters: true)
    }
    if failure.nodes.isEmpty, !failure.isAboutAStep { steps += waits(in: lanes) }
    if failure.nodes.isEmpty, failure.isAboutAStep, !steps.isEmpty {
      steps[steps.count - 1].mark = .broke
    }
    return steps
  }

  private func name(of thread: Int) -> String {
    threads.first { $0.index == thread }?.name ?? "a thread"
  }

  private func entry(of handler: GraphThread, in lanes: [Int]) -> ReportStep {
    ReportStep(
      lane: lanes.firstIndex(of: handler.lane) ?? 0, thread: handler.name,
      event: StepDescription.entry(of: handler), source: "", file: "", line: 0, mark: nil,
      matters: true)
  }

  /// What the threads were about to do that have not ended.
  private func waits(in lanes: [Int]) -> [ReportStep] {
    threads.dropFirst().compactMap { thread in
      guard let record = recorder.unfinished(thread.index) else { return nil }
      return ReportStep(
        lane: lanes.firstIndex(of: thread.lane) ?? 0, thread: thread.name,
        event: record.event + ": waits for ever", source: "", file: "", line: 0, mark: .broke,
        matters: true)
    }
  }

  private func mark(of number: Int32) -> ReportStep.Mark? {
    guard let position = failure.nodes.firstIndex(of: number) else { return nil }
    return position == failure.nodes.count - 1 ? .broke : .partner
  }

  private func value(of node: GraphNode, _ number: Int32) -> String {
    guard node.kind == .read else { return "" }
    let isUpdate = node.traits.contains(.update) || node.traits.contains(.compares)
    let text = StepDescription.number(node.value)
    if node.traits.contains(.lock) || node.traits.contains(.waits) { return "" }
    return (isUpdate ? " (was \(text))" : " → \(text)") + staleness(of: node, number)
  }

  /// A read that finds an older store than one further up says so, and why it may.
  private func staleness(of node: GraphNode, _ number: Int32) -> String {
    var newer = schedule.graph.next(after: node.source, at: node.location)
    let position = schedule.order.firstIndex(of: number) ?? 0
    while newer >= 0 {
      if let written = schedule.order.firstIndex(of: newer), written < position {
        let value = StepDescription.number(schedule.graph[newer].value)
        return "; not yet \(value), which nothing orders before this read"
      }
      newer = schedule.graph[newer].coherenceAfter
    }
    return ""
  }
}
