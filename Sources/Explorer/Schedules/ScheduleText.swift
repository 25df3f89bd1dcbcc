internal import FoundationEssentials
internal import Machine

/// One column a CPU, and which threads run on it.
struct Lanes {
  let titles: [String]
  private let laneOfCPU: [Int: Int]
  private let threads: [VirtualThread]

  init(threads: [VirtualThread]) {
    self.threads = threads
    let others = threads.dropFirst()
    let cpus = Set(others.map(\.cpu)).sorted()
    laneOfCPU = Dictionary(uniqueKeysWithValues: cpus.enumerated().map { ($1, $0) })
    titles = cpus.map { cpu in
      let names = others.filter { $0.cpu == cpu }.map {
        $0.title
      }
      let place = cpu == Limits.cpuCountMax ? "" : "cpu \(cpu): "
      return place + names.joined(separator: ", ")
    }
  }

  func lane(of thread: Int) -> Int { laneOfCPU[threads[thread].cpu] ?? 0 }
  func name(of thread: Int) -> String { threads[thread].name }
}

/// Turns recorded steps into the lines of a report.
struct ScheduleText {
  /// What was broken; nil where every step is of interest.
  let failure: Failure?
  let trace: [Step]
  let threads: [VirtualThread]

  func steps(_ records: [Recorder.Record], _ lanes: Lanes) -> [ReportStep] {
    var files: [String: [Substring]] = [:]
    let told = story(records.indices)
    return records.indices.map { index in
      let record = records[index]
      let matters = told.contains(index)
      // Resolving an address is slow; nobody reads the lines of steps that are folded away.
      let line = matters ? record.site.line(where: Self.isWorthSaying) : nil
      return ReportStep(
        lane: lanes.lane(of: record.thread), thread: lanes.name(of: record.thread),
        event: record.event, value: record.value,
        source: line.map { Self.text(of: $0, &files) } ?? "",
        file: line?.file ?? "", line: line?.line ?? 0, mark: mark(of: index, records.count),
        matters: matters)
    }
  }

  /// The steps of interest: where no other thread took part in a failure, the last ones.
  private func story(_ indices: Range<Int>) -> Set<Int> {
    guard failure != nil else { return Set(indices) }
    let noticed = indices.filter(matters)
    return Set(noticed.isEmpty ? Array(indices.suffix(Limits.stepsAloneMax)) : noticed)
  }

  /// Whether a line is a written one and no part of a primitive: those are the same in every
  /// report.
  static func isWorthSaying(_ line: SourceLine) -> Bool {
    line.line > 0 && !line.path.hasSuffix("<compiler-generated>")
      && !["Sources/CMachine/", "Sources/Machine/", "Sources/Kernel/", "Sources/Explorer/"]
        .contains { line.path.contains($0) }
  }

  /// The text of one line.
  static func source(of line: SourceLine) -> String {
    var files: [String: [Substring]] = [:]
    return text(of: line, &files)
  }

  static func text(of line: SourceLine, _ files: inout [String: [Substring]]) -> String {
    if files[line.path] == nil {
      let content = (try? String(contentsOfFile: line.path, encoding: .utf8)) ?? ""
      files[line.path] = content.split(separator: "\n", omittingEmptySubsequences: false)
    }
    guard let lines = files[line.path], line.line <= lines.count else { return "" }
    let code = lines[line.line - 1].drop { $0 == " " || $0 == "\t" }
    return String(code)
  }

  private func mark(of index: Int, _ count: Int) -> ReportStep.Mark? {
    guard let failure else { return nil }
    if index == count - 1 { return failure.isAboutAStep ? .broke : nil }
    guard let partner = failure.partner, index < trace.count else { return nil }
    let step = trace[index]
    return step.thread == partner.thread && step.count == partner.step ? .partner : nil
  }

  /// A step matters if a step of another thread depends on it, or if it is about the object.
  private func matters(_ index: Int) -> Bool {
    guard index < trace.count else { return true }
    let step = trace[index]
    if step.footprint.frees || step.footprint.enters != .none { return true }
    if let object = failure?.object, object >= 0, step.footprint.object == object { return true }
    return trace.contains { other in
      other.thread != step.thread
        && areDependent(
          step.footprint, other.footprint,
          sameCPU: threads[step.thread].cpu == threads[other.thread].cpu, bothTasks: false)
    }
  }
}
