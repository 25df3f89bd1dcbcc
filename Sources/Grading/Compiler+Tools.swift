/// How a compilation is done, whatever is compiled.
extension Compiler {
  package struct Tools {
    /// Whether a file is refused for what it says; off only in tests of the run time's own limits.
    let hasStaticChecks: Bool
    /// Where the compilers run, if not beside everything else.
    let sandbox: Sandbox?
    /// What compiling the answer's own text may take.
    let limits: ChildProcess.Limits
    /// Whether nobody waits for the result any more.
    let isCancelled: () -> Bool

    package init(
      hasStaticChecks: Bool = true, sandbox: Sandbox? = nil,
      limits: ChildProcess.Limits = .answerCompiler,
      isCancelled: @escaping () -> Bool = { false }
    ) {
      self.hasStaticChecks = hasStaticChecks
      self.sandbox = sandbox
      self.limits = limits
      self.isCancelled = isCancelled
    }

    /// Starts a compiler.
    func start(
      _ program: String, _ arguments: [String], limits: ChildProcess.Limits,
      within compiler: Compiler
    ) throws(GradingError) -> ChildProcess {
      guard let sandbox else {
        return try ChildProcess(
          program, arguments, limits: limits, environment: ChildProcess.inherited)
      }
      let command = sandbox.compiling(program, arguments, in: compiler.folder)
      return try ChildProcess(
        command.program, command.arguments, limits: limits,
        environment: Sandbox.environment)
    }
  }
}

extension Compiler.Refusal {
  /// What is wrong with a file that is not even compiled.
  init(_ unusable: Submission.Unusable, file: String) {
    let isText = ["empty", "not-utf8"].contains(unusable.rule)
    self.init(
      verdict: isText ? .doesNotCompile : .forbiddenConstruct, rule: unusable.rule,
      lines: ["\(file): \(unusable.reason)"])
  }
}
