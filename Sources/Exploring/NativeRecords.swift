package import Debates
internal import FoundationEssentials
package import Grading

/// The recorded native costs of a checkout: one file a debate in `Lessons/NativeCosts`.
package struct NativeRecords {
  private let workspace: Workspace

  /// Reads the records of this checkout.
  package init(_ workspace: Workspace) { self.workspace = workspace }

  /// What was recorded of a debate; nil without a file, or with one that cannot be read.
  package func record(of debate: String) -> NativeRecord? {
    guard let data = FileManager.default.contents(atPath: path(of: debate)) else { return nil }
    return try? JSONDecoder().decode(NativeRecord.self, from: data)
  }

  /// Keeps what was measured.
  ///
  /// - Returns: Where.
  func keep(_ record: NativeRecord) throws(GradingError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let path = path(of: record.debate)
    do {
      let data = try encoder.encode(record) + Data("\n".utf8)
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw GradingError(
        "Cannot write \(path).", repair: "Check that the folder exists and may be written.")
    }
    return path
  }

  /// Builds the kit without its seam, and times every design of a debate on this machine.
  func measure(_ debate: String) throws(GradingError) -> NativeRecord {
    let output = try Self.output(
      of: [
        "swift", "run", "-c", "release", "--package-path", "\(workspace.root)/Tests/Benchmarks",
        "--scratch-path", "\(workspace.root)/.build-designs", "--traits", "Bare,Designs",
        "DesignBenchmarks", debate,
      ])
    guard var record = try? JSONDecoder().decode(NativeRecord.self, from: Data(output.utf8)) else {
      throw GradingError(
        "The benchmark printed something else than a record.",
        repair: "Run DesignBenchmarks by hand, as Documentation/Benchmarks.md says.")
    }
    record.provenance = try provenance()
    return record
  }

  private func path(of debate: String) -> String {
    "\(workspace.root)/Lessons/NativeCosts/\(debate).json"
  }

  // MARK: - Where it was

  private func provenance() throws(GradingError) -> NativeRecord.Provenance {
    let git = ["git", "-C", workspace.root]
    let commit = try Self.output(of: git + ["rev-parse", "--short=12", "HEAD"])
    let changes = try Self.output(of: git + ["status", "--porcelain", "--untracked-files=no"])
    let version = try Self.output(of: ["swift", "--version"])
    let number = version.firstRange(of: "Swift version ").map { version[$0.upperBound...] }
    return NativeRecord.Provenance(
      machine: Self.machine, date: Date().formatted(.iso8601.year().month().day()),
      commit: changes.isEmpty ? commit : "\(commit) and changes",
      toolchain: "Swift \(number?.prefix { $0 != " " } ?? "of another name")")
  }

  /// The processor's name and the number of its cores that we may use.
  private static var machine: String {
    let text = FileManager.default.contents(atPath: "/proc/cpuinfo") ?? Data()
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("model name") }
    let name = line?.split(separator: ":").last?.split(separator: " ").joined(separator: " ")
    return "\(ProcessInfo.processInfo.activeProcessorCount) cores of \(name ?? "another kind")"
  }

  /// What a program on the path prints, without the last line's end.
  private static func output(of command: [String]) throws(GradingError) -> String {
    // A first build without the seam takes minutes.
    let limits = ChildProcess.Limits(
      wallMilliseconds: 3_600_000, outputBytes: 1 << 20, frameBytes: 0)
    var child = try ChildProcess(
      "/usr/bin/env", command, limits: limits,
      environment: ProcessInfo.processInfo.environment)
    let ending = child.wait()
    guard case .exited(0) = ending.cause else {
      let errors = String(decoding: ending.errors, as: UTF8.self).split(separator: "\n").suffix(8)
      throw GradingError(
        "\(command.prefix(3).joined(separator: " ")) failed:\n\(errors.joined(separator: "\n"))",
        repair: "Repair that, and measure again.")
    }
    let text = String(decoding: ending.output, as: UTF8.self)
    return text.last == "\n" ? String(text.dropLast()) : text
  }
}
