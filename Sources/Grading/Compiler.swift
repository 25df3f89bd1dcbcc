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
    /// What is wrong, one line an entry.
    package let lines: [String]
  }

  let kit: Kit
  let workspace: Workspace
  /// Files of one compilation lie here, so that two of them never meet.
  let folder: String
  /// Checks compiled for an interface of the learner's module are kept here.
  let cacheFolder: String

  init(kit: Kit, workspace: Workspace, exercise: Exercise) throws(GradingError) {
    self.kit = kit
    self.workspace = workspace
    cacheFolder = "\(workspace.notesFolder)/build/\(exercise.id)"
    folder = try Scratch.make(in: cacheFolder, workspace)
  }

  /// Removes what one compilation left.
  func clean() { try? FileManager.default.removeItem(atPath: folder) }

  /// Compiles and links.
  ///
  /// - Parameters:
  ///   - file: The learner's file, or an answer in its place.
  ///   - checks: The checks.
  func compile(_ file: String, checks: String) throws(GradingError) -> Result {
    let source = try text(file)
    if let refusal = ForbiddenConstructs(in: source).refusal(file: workspace.shown(file)) {
      return .refused(refusal)
    }
    var imports = try start(kit.frontend, importArguments(file))
    var exercise = try start(kit.frontend, exerciseArguments(file))
    let exerciseEnding = exercise.wait()
    let importsEnding = imports.wait()
    if let refusal = ForbiddenConstructs.refusal(
      imports: String(decoding: importsEnding.output, as: UTF8.self),
      file: workspace.shown(file))
    {
      return .refused(refusal)
    }
    let diagnostics = Diagnostics(exerciseEnding, workspace)
    if exerciseEnding.cause != .exited(0) { return .refused(diagnostics.refusal(of: file)) }
    keepInterface()
    let object = try compileChecks(checks)
    if case .refused = object { return object }
    guard case .program(let checksObject) = object else { return object }
    var linker = try start(kit.clang, linkArguments(checksObject))
    let linked = linker.wait()
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
    let ending = compiler.wait()
    guard ending.cause == .exited(0) else {
      return .refused(Diagnostics(ending, workspace).refusal(of: checks))
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

  private func start(_ program: String, _ arguments: [String]) throws(GradingError)
    -> ChildProcess
  {
    try ChildProcess(
      program, arguments, limits: .compiler, environment: ChildProcess.inherited)
  }

  private func text(_ file: String) throws(GradingError) -> String {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw GradingError(
        "Cannot read \(workspace.shown(file)).",
        repair: "`fencelab reset` brings back an exercise's starter.")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
