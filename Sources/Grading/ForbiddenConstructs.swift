/// Finds what would let an exercise past the explorer or the grader.
///
/// The compiler judges imports and unsafe code; words it accepts without a complaint are looked up
/// in the file's code, never in its comments or strings.
package struct ForbiddenConstructs {
  /// One place in the file.
  package struct Finding {
    package let rule: String
    let line: Int
    let message: String
  }

  package private(set) var findings: [Finding] = []

  package init(in source: String) {
    let plain = Self.plain(source)
    let tokens = SwiftTokens(plain).tokens
    for (index, token) in tokens.enumerated() {
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      let last = index > 0 ? tokens[index - 1] : nil
      switch token.kind {
      case .attribute: judge(attribute: token)
      case .word: judge(word: token, after: last, before: next)
      case .punctuation:
        if token.text == "#", let next { judge(pound: next) }
        if token.text == ":", next?.text == ":" { judge(selector: last ?? token) }
        if token.text == "/" { judge(slash: token, plain[token.range.upperBound...]) }
      case .number: break
      }
    }
  }

  /// The text as the compiler's lexer splits it.
  ///
  /// It knows no letters that are made of several: a mark that combines with a quotation mark does
  /// not hide it, and a form feed ends no line. A space in place of what is neither printable
  /// ASCII nor the end of a line keeps words apart.
  private static func plain(_ source: String) -> String {
    var plain = ""
    for scalar in source.unicodeScalars {
      let isPlain = (32..<127).contains(scalar.value) || scalar == "\n" || scalar == "\r"
      plain.unicodeScalars.append(isPlain ? scalar : " ")
    }
    return plain
  }

  /// `Module::name` reaches what the kit itself imports, without an import of one's own.
  private mutating func judge(selector module: SwiftTokens.Token) {
    if Kit.modules.contains(String(module.text)) || module.text == "Exercise" { return }
    add("import", module, "\(module.text):: is none of the kit's modules, which are all there is")
  }

  /// Only the compiler can tell a regular expression from a division, and what stands in one looks
  /// like the beginning of a string or a comment.
  private mutating func judge(slash token: SwiftTokens.Token, _ rest: Substring) {
    let line = rest.prefix { !$0.isNewline }
    guard let first = line.first, !first.isWhitespace, line.contains("/") else { return }
    add("regex", token, "an exercise needs no regular expressions; to divide, put spaces around /")
  }

  /// Macros run programs while the file is compiled.
  private mutating func judge(pound token: SwiftTokens.Token) {
    if token.text == "/" { return add("regex", token, "an exercise needs no regular expressions") }
    guard token.kind == .word, !Self.pounds.contains(String(token.text)) else { return }
    add("macro", token, "#\(token.text) is none of the directives an exercise may use")
  }

  /// Directives that only choose or name lines.
  private static let pounds: Set<String> = [
    "if", "elseif", "else", "endif", "available", "unavailable", "file", "fileID", "filePath",
    "function", "line", "column", "error", "warning", "selector",
  ]

  private mutating func judge(attribute token: SwiftTokens.Token) {
    let name = String(token.text)
    if name == "@unchecked" || name == "@safe" || name == "@unsafe" {
      add("unchecked", token, "\(name) switches off a check that this exercise is about")
    } else if name.hasPrefix("@_") {
      add("underscored-attribute", token, "\(name) belongs to the compiler")
    } else if !Self.attributes.contains(name) {
      add("attribute", token, "\(name) is none of the attributes an exercise may use")
    }
  }

  private mutating func judge(
    word token: SwiftTokens.Token, after last: SwiftTokens.Token?, before next: SwiftTokens.Token?
  ) {
    switch token.text {
    case "macro" where next?.kind == .word:
      add("macro", token, "an exercise declares no macros")
    case "unsafe": add("unsafe-code", token, "`unsafe` hides accesses from the explorer")
    case "Conductor", "ExerciseMain", "fl_conductor":
      add("seam", token, "\(token.text) is the explorer's and the grader's")
    case "FencePolicy", "inheritedWord":
      add("seam", token, "\(token.text) is the checks': no answer may ask which design it meets")
    case "random", "randomElement", "shuffle", "shuffled":
      if last?.text == "." { addRandomness(token) }
    case "SystemRandomNumberGenerator": addRandomness(token)
    default: break
    }
  }

  private mutating func addRandomness(_ token: SwiftTokens.Token) {
    add(
      "randomness", token,
      "\(token.text) makes every execution another one: `lab.choose` tries all choices instead")
  }

  private mutating func add(_ rule: String, _ token: SwiftTokens.Token, _ message: String) {
    findings.append(Finding(rule: rule, line: token.line, message: message))
  }

  /// Attributes that change nothing about what the explorer sees.
  ///
  /// Wrappers and builders of the learner's own are not among them: nothing here needs one.
  private static let attributes: Set<String> = [
    "@autoclosure", "@available", "@discardableResult", "@escaping", "@frozen", "@inlinable",
    "@inline", "@noescape", "@nonexhaustive", "@Sendable", "@unknown", "@usableFromInline",
    "@warn_unqualified_access",
  ]

  /// The refusal, if anything was found.
  func refusal(file: String) -> Compiler.Refusal? {
    guard let first = findings.first else { return nil }
    let lines = findings.prefix(Limits.diagnosticsMax).map { "\(file):\($0.line): \($0.message)" }
    return Compiler.Refusal(
      verdict: .forbiddenConstruct, rule: first.rule, lines: [lines[0]],
      further: Array(lines.dropFirst()))
  }

  /// The refusal, if the compiler's list of imports names more than the kit.
  package static func refusal(imports: String, file: String) -> Compiler.Refusal? {
    let foreign = imports.split(separator: "\n").map(String.init).filter {
      !Kit.modules.contains($0) && !$0.isEmpty
    }
    guard !foreign.isEmpty else { return nil }
    return Compiler.Refusal(
      verdict: .forbiddenConstruct, rule: "import",
      lines: foreign.map { "\(file) imports \($0): the kit is all an exercise may import" })
  }
}
