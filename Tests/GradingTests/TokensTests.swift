import Grading
import Testing

struct TokensTests {
  private func words(_ text: String) -> [String] {
    SwiftTokens(text).tokens.filter { $0.kind != .punctuation }.map { String($0.text) }
  }

  @Test func `comments and strings are no code, interpolations are`() {
    let text = ##"""
      let a = "x // \(b("y")) z" // c
      /* d /* e */ f */ let g = #"h"i \(j) \#(k)"#
      let l = """
        m "n" \(o)
        """
      """##
    #expect(words(text) == ["let", "a", "b", "let", "g", "k", "let", "l", "o"])
  }

  @Test func `attributes and names in backticks are words of their own`() {
    #expect(words("@escaping @ Sendable `let` a1") == ["@escaping", "@Sendable", "let", "a1"])
  }

  @Test func `lines are counted through strings and comments`() {
    let tokens = SwiftTokens("/*\n*/ \"\"\"\n\n\"\"\"\nlast").tokens
    #expect(tokens.map(\.line) == [5])
  }

  @Test(arguments: ["\"", "\"\"\"", "/*", "\"\\(", "`", "@", "#\"", "\\"])
  func `an unfinished file is read to its end`(text: String) {
    #expect(SwiftTokens("a\n\(text)").tokens.first?.text == "a")
  }
}

struct ForbiddenConstructsTests {
  private func rules(_ text: String) -> [String] {
    ForbiddenConstructs(in: text).findings.map(\.rule)
  }

  @Test(arguments: [
    ("final class A: @unchecked Sendable {}", "unchecked"),
    ("@safe struct A {}", "unchecked"),
    ("nonisolated(unsafe) var a = 0", "unsafe-code"),
    ("func f() { unsafe g() }", "unsafe-code"),
    ("@_cdecl(\"exit\") func f() {}", "underscored-attribute"),
    ("@ _silgen_name(\"exit\") func f()", "underscored-attribute"),
    ("@c func f() {}", "attribute"),
    ("@main struct A {}", "attribute"),
    ("let a = \"\\(Conductor.current)\"", "seam"),
    ("let a = FencePolicy.current", "seam"),
    ("Machine.inheritedWord = 0", "seam"),
    ("Glibc::exit(0)", "import"),
    ("let a = `Glibc` :: getpid()", "import"),
    ("let a = \"\u{301}\"; Glibc::exit(0)", "import"),
    ("let a = \"\u{2028}\"; Glibc::exit(0)", "import"),
    ("// \u{C} \"\"\"\nGlibc::exit(0)", "import"),
    ("let a = \u{2192}unsafe b", "unsafe-code"),
    ("let a = /\"\"\"/; Glibc::exit(0)", "regex"),
    ("let a = /\\/*/; Glibc::exit(0)", "regex"),
    ("let a = #/\n\"\"\"\n/#; Glibc::exit(0)", "regex"),
    ("let a = Bool.random()", "randomness"),
    ("var a = SystemRandomNumberGenerator()", "randomness"),
  ])
  func `a way past the explorer is found`(text: String, rule: String) {
    #expect(rules(text) == [rule])
  }

  @Test(arguments: [
    "// unsafe @unchecked", "let a = \"@_silgen_name unsafe\"", "let unsafely = 1",
    "func f(_ g: @escaping @Sendable () -> Void) {}", "@inline(__always) func f() {}",
    "let conductor = 1", "Machine::free(job)", "let a: [Int: Int] = [:]",
    "// Glibc::exit(0), FencePolicy", "let random = 1", "let a = 1 / 2 / 3",
    "let a = 1/2", "let a = 6 / 2  // a/b", "let a = \"caf\u{E9} Glibc::exit\"",
  ])
  func `its near twin is fine`(text: String) {
    #expect(rules(text).isEmpty)
  }

  @Test func `only the kit may be imported`() {
    #expect(ForbiddenConstructs.refusal(imports: "ExerciseKit\nSwift\n", file: "a") == nil)
    let refusal = ForbiddenConstructs.refusal(imports: "ExerciseKit\nGlibc\n", file: "a")
    #expect(refusal?.verdict == .forbiddenConstruct)
  }
}

struct DisguiseTests {
  @Test func `locals get other names, members and parameters keep theirs`() {
    let source = """
      import ExerciseKit

      struct A {
        let kept = 1
        func f(_ value: Int) -> Int {
          let sum = value + kept
          for step in 0..<sum { g { inner in h(inner, sum: sum, step) } }
          return self.kept + sum
        }
      }

      let global = 1
      """
    let disguise = Disguise(source)
    #expect(disguise.text.contains("let sumRenamed = value + kept"))
    #expect(disguise.text.contains("for stepRenamed in 0..<sumRenamed"))
    #expect(disguise.text.contains("self.kept + sumRenamed"))
    #expect(disguise.text.contains("let kept = 1"))
    #expect(disguise.text.contains("let global = 1"))
  }

  @Test func `declarations stand in reverse order below the imports`() {
    let source = "import A\n\nfunc b() {\n\n}\n\n/// Says c.\nfunc c() {}\n"
    #expect(
      Disguise(source).text == "import A\n\n/// Says c.\nfunc c() {}\n\nfunc b() {\n\n}\n")
  }
}
