internal import FoundationEssentials

/// Turns the two files of an exercise into a program, or says why that cannot be.
///
/// The learner's file is a module of its own: what it declares cannot replace what the checks
/// call, unless a check names it.
package struct Compiler {
  /// What came out.
  enum Result {
    /// A program to run.
    case program(String)
    /// A verdict without running anything.
    case refused(Refusal)
  }

  /// Why there is no program.
  package struct Refusal {
    package let verdict: GradeVerdict
    package let rule: String?
    /// The first thing that is wrong, one line an entry.
    package let lines: [String]
    /// Everything else that is wrong.
    let further: [String]

    init(verdict: GradeVerdict, rule: String?, lines: [String], further: [String] = []) {
      self.verdict = verdict
      self.rule = rule
      self.lines = lines
      self.further = further
    }
  }

  let kit: Kit
  let workspace: Workspace
  /// Files of one compilation lie here, so that two of them never meet.
  let folder: String
  /// Checks compiled for an interface of the learner's module are kept here.
  let cacheFolder: String
  private let tools: Tools

  init(
    kit: Kit, workspace: Workspace, exercise: Exercise, tools: Tools
  ) throws(GradingError) {
    self.kit = kit
    self.tools = tools
    self.workspace = workspace
    cacheFolder = "\(workspace.notesFolder)/build/\(exercise.id)"
    folder = try Scratch.make(in: cacheFolder, workspace)
  }

  /// Removes what one compilation left.
  func clean() { try? FileManager.default.removeItem(atPath: folder) }

  /// Compiles and links.
  ///
  /// - Parameters:
  ///   - source: What the learner's file held, or an answer in its place.
  ///   - file: Where it was read.
  ///   - checks: The checks.
  func compile(
    _ source: Submission, named file: String, checks: String
  ) throws(GradingError) -> Result {
    if tools.hasStaticChecks,
      let refusal = ForbiddenConstructs(in: source.text).refusal(file: workspace.shown(file))
    {
      return .refused(refusal)
    }
    let copy = try keep(source)
    var imports = try start(kit.frontend, importArguments(copy), limits: tools.limits)
    var exercise = try start(
      kit.frontend, exerciseArguments(copy, isStrict: tools.hasStaticChecks),
      limits: tools.limits)
    let exerciseEnding = exercise.wait(isCancelled: tools.isCancelled)
    let importsEnding = imports.wait(isCancelled: tools.isCancelled)
    if tools.hasStaticChecks,
      let refusal = ForbiddenConstructs.refusal(
        imports: String(decoding: importsEnding.output, as: UTF8.self),
        file: workspace.shown(file))
    {
      return .refused(refusal)
    }
    if exerciseEnding.cause != .exited(0) {
      return .refused(
        Diagnostics(exerciseEnding) { $0 == copy ? workspace.shown(file) : workspace.shown($0) }
          .refusal)
    }
    keepInterface()
    let object = try compileChecks(checks)
    if case .refused = object { return object }
    guard case .program(let checksObject) = object else { return object }
    var linker = try start(kit.clang, linkArguments(checksObject))
    let linked = linker.wait(isCancelled: tools.isCancelled)
    guard linked.cause == .exited(0) else {
      let message = String(decoding: linked.errors, as: UTF8.self)
      return .refused(
        Refusal(
          verdict: .doesNotCompile, rule: "link",
          lines: message.split(separator: "\n").suffix(3).map { workspace.shown(String($0)) }))
    }
    return .program("\(folder)/checks")
  }

  /// Leaves the learner's interface where editors look for it when they open the checks.
  private func keepInterface() {
    let name = "Exercise.swiftmodule"
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return }
    // An editor that finds none shows less, no more.
    try? data.write(to: URL(filePath: "\(cacheFolder)/\(name)"), options: .atomic)
  }

  /// Compiles the checks, unless the same checks were compiled for the same interface before.
  private func compileChecks(_ checks: String) throws(GradingError) -> Result {
    var key = ContentHash(try text(checks))
    key.combine(kit.identity.utf8)
    key.combine(FileManager.default.contents(atPath: "\(folder)/Exercise.swiftmodule") ?? Data())
    let object = "\(folder)/Checks.o"
    let cached = "\(cacheFolder)/Checks-\(key).o"
    // A copy, because another fencelab may clear the cache at any moment.
    if (try? FileManager.default.copyItem(atPath: cached, toPath: object)) != nil {
      return .program(object)
    }
    var compiler = try start(kit.frontend, checksArguments(checks))
    let ending = compiler.wait(isCancelled: tools.isCancelled)
    guard ending.cause == .exited(0) else {
      return .refused(Diagnostics(ending, shown: workspace.shown).refusal)
    }
    clearCache()
    if let data = FileManager.default.contents(atPath: object) {
      // Written whole or not at all; without it the next grade compiles again.
      try? data.write(to: URL(filePath: cached), options: .atomic)
    }
    return .program(object)
  }

  /// Keeps a handful of compiled checks: an interface that is changed back is not rare.
  private func clearCache() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: cacheFolder)) ?? []
    let objects = names.filter { $0.hasPrefix("Checks-") }
    guard objects.count >= Limits.compiledChecksMax else { return }
    for name in objects { try? FileManager.default.removeItem(atPath: "\(cacheFolder)/\(name)") }
  }

  private func start(
    _ program: String, _ arguments: [String], limits: ChildProcess.Limits = .compiler
  ) throws(GradingError) -> ChildProcess {
    try tools.start(program, arguments, limits: limits, within: self)
  }

  /// Keeps a copy of the answer, which is all that is looked at from now on.
  private func keep(_ source: Submission) throws(GradingError) -> String {
    let path = "\(folder)/Exercise.swift"
    do {
      try Data(source.bytes).write(to: URL(filePath: path))
    } catch {
      throw GradingError(
        "Cannot write \(workspace.shown(path)).", repair: "Make the checkout writable.")
    }
    return path
  }

  private func text(_ file: String) throws(GradingError) -> String {
    guard let data = FileManager.default.contents(atPath: file) else { throw unreadable(file) }
    return String(decoding: data, as: UTF8.self)
  }

  func unreadable(_ file: String) -> GradingError {
    GradingError(
      "Cannot read \(workspace.shown(file)).",
      repair: "`fencelab reset` brings back an exercise's starter.")
  }
}
