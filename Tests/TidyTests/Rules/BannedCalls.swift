/// A word that may not stand in some folders' code, and what to write in its place.
struct Ban {
  let words: [String]
  /// Folders the ban covers.
  let folders: [String]
  /// Folders inside those that are free of it.
  let exempt: [String]
  /// The beginning of a comment that lifts the ban for the line below it.
  let excuse: String?
  let repair: String

  init(
    _ words: String..., in folders: [String], except exempt: [String] = [],
    excuse: String? = nil, repair: String
  ) {
    self.words = words
    self.folders = folders
    self.exempt = exempt
    self.excuse = excuse
    self.repair = repair
  }

  static let everywhere = ["Sources", "Lessons", "Exercises", "Tests"]

  static let all: [Ban] = [
    Ban(
      "usleep(", "nanosleep(", "Task.sleep(", "Thread.sleep(", in: everywhere,
      repair: "wait for the event itself: a completion, a descriptor, or the virtual clock."),
    Ban(
      "sleep(", in: ["Tests"],
      repair: "wait for the event itself: a test that sleeps is slow or wrong."),
    Ban(
      ".timeLimit(", in: ["Tests"],
      repair: "leave it out: a test waits its turn among all others meanwhile, and a limit ends "
        + "no blocked thread."),
    Ban(
      "@testable", in: ["Tests"],
      repair: "give the declaration `package`: a build with testable imports shares no products."),
    Ban(
      "print(", in: ["Sources"], except: ["Sources/fencelab"],
      repair: "return the text or take an output to write to; only the executable prints."),
    Ban(
      "import Synchronization", "Synchronization.Atomic", in: ["Sources", "Lessons", "Exercises"],
      except: ["Sources/Machine"], excuse: "Native only:",
      repair: "use a Machine word, so that every conductor sees the access. "
        + "Where no conductor can reach, say so above: `// Native only: why`."),
    Ban(
      "try!", "as!", in: everywhere,
      repair: "handle the failure: a typed error with a repair, or #require in a test."),
    Ban(
      "fatalError(", in: everywhere,
      repair: "throw a typed error, or state the broken invariant with preconditionFailure."),
    Ban(
      "Date(", "ContinuousClock", "SuspendingClock", "clock_gettime(", "DispatchTime",
      in: ["Sources/Explorer", "Sources/Simulator", "Sources/Fences"],
      repair: "read time through Machine's clock: a real clock may not influence a decision."),
  ]
}

/// Calls that have a better replacement here.
func bannedCalls(in file: SourceFile) -> [Violation] {
  Ban.all.filter { file.isUnder($0.folders) && !file.isUnder($0.exempt) }.flatMap { ban in
    ban.words.flatMap { word in
      file.occurrences(of: word).filter {
        isTheBannedOne(at: $0, in: file) && !isExcused(at: $0, in: file, by: ban)
      }.map {
        Violation(
          file: file.path, line: file.line(at: $0), rule: "banned calls",
          repair: "`\(word)` does not belong here: \(ban.repair)")
      }
    }
  }
}

/// Not so where a method or function of ours bears the name: `terminal.print(…)`, `func sleep(…)`.
private func isTheBannedOne(at offset: Int, in file: SourceFile) -> Bool {
  let before = String(decoding: file.code[max(0, offset - 5)..<offset], as: UTF8.self)
  return !before.hasSuffix(".") && before != "func "
}

private func isExcused(at offset: Int, in file: SourceFile, by ban: Ban) -> Bool {
  guard let excuse = ban.excuse else { return false }
  return file.commentary(on: file.line(at: offset)).contains(excuse)
}
