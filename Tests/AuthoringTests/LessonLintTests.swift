import Authoring
import Publishing
import Testing

/// Each rule of Documentation/LessonFormat.md finds the lesson that breaks it, and no other.
struct LessonLintTests {
  /// A lesson that keeps every rule.
  static let front = """
    ---
    title: A lesson
    question: Who pays for the lock?
    concepts: lock
    misconceptions: lock-is-free
    minutes: 20
    ---

    """

  static let body = """
    Who pays for the lock? The invariant is that one of the two does, and knows it.

    ```swift from=Sources/A.swift
    let a = 1
    ```

    ```predict
    Who?
    ```

    ~~~reveal "It is"
    The waiter.
    ~~~

    ~~~note "Misconception: lock-is-free"
    Many believe so.
    ~~~

    ## The positions

    ### One

    Said by A in [a mail](https://example.org/a) of 2021-03-01.

    ### Two

    Said by B in 2022 ([2](#source-2)).

    ```table
    | Shared datum | Protecting primitive | Invariant |
    | a | lock | one |
    ```

    ```quiz id=a kind=recall
    Who?

    - [x] A :: yes
    - [ ] B :: no
    ```

    ```quiz id=b kind=trace
    Who?

    - [x] A :: yes
    - [ ] B :: no
    ```

    ```quiz id=c kind=why
    Why?

    - [x] A :: yes
    - [ ] B :: no
    ```

    ## What would change the decision

    - a
    - b
    - c
    - d

    ## Sources

    ```sources
    1. A, 2021
    2. B, 2022
    ```


    """

  static let padding = String(repeating: "Words stand here in a row of ten, no more.\n", count: 130)

  private func findings(_ text: String) throws -> [String] {
    let files = ["Lessons/01-a/lesson.md": text, "Sources/A.swift": "let a = 1\n"]
    return try withTree(files) { tree in
      try LessonVerifier.verify(root: tree.root, provider: SampleRuns()).map(\.problem)
    }
  }

  @Test func `a lesson that keeps the rules has no findings`() throws {
    #expect(try findings(Self.front + Self.body + Self.padding) == [])
  }

  @Test(arguments: [
    ("Who pays for the lock? The", "The", "the first 60 words do not ask the question"),
    ("Who?\n\n- [x] A :: yes", "Who is NOT?\n\n- [x] A :: yes", "the question asks for what"),
    ("kind=why", "kind=trace", "no quiz is of the kind 'why'"),
    ("id=b", "id=a", "the quiz id 'a' is taken"),
    ("```predict\nWho?\n```", "", "nothing was predicted before this is revealed"),
    ("Many believe so", "Many clearly believe so", "'clearly' tells the reader how to feel"),
    ("Many believe so", "Many say it is fast", "'fast' stands without a number"),
    ("- [ ] B :: no", "- [ ] B :: of course not", "'of course' tells the reader how to feel"),
    ("swift from=Sources/A.swift", "swift", "the listing comes from no file that is built"),
    ("### One", "#### One", "the heading skips from level 2 to 4"),
    ("## The positions", "## Opinions", "the lesson presents fewer than two positions"),
    ("in 2022 (", "once (", "the position has no dated link to who holds it"),
    ("- c\n- d\n", "", "the section lists 2 conditions"),
    ("## What would change the decision", "## More", "no section says what would change"),
    ("Protecting primitive", "Guard", "no table says what guards what"),
    ("The invariant is", "The rule is", "code is shown before the invariant is stated"),
    ("lock-is-free\"", "free\"", "the misconception 'lock-is-free' is not in the text"),
    ("## Sources\n", "", "the sources have no heading of their own"),
    ("2. B, 2022\n", "", "the lesson lists fewer than two sources"),
    (
      "- [x] A :: yes", "- [x] A text that is so long that one need not read the others :: yes",
      "the options differ in length"
    ),
  ])
  func `a broken rule is found`(part: String, replacement: String, expected: String) throws {
    let broken = Self.body.replacing(part, with: replacement)
    try #require(broken != Self.body)
    let findings = try findings(Self.front + broken + Self.padding)
    #expect(findings.contains { $0.hasPrefix(expected) }, "\(findings)")
  }

  @Test func `a lesson that is too short or too long is found`() throws {
    let short = try findings(Self.front + Self.body)
    #expect(short.contains { $0.hasSuffix("words of prose") })
    let long = try findings(Self.front + Self.body + Self.padding + "\n" + Self.padding)
    #expect(long.contains { $0.hasSuffix("words of prose") })
  }

  @Test func `a misconception must be shown by a wrong answer`() throws {
    var files = [
      "Lessons/01-a/lesson.md": Self.front + Self.body + Self.padding,
      "Sources/A.swift": "let a = 1\n",
      "Exercises/01-a/1-b/Exercise.swift": "// # B\n// Do it.\n",
      "Exercises/01-a/1-b/Checks.swift": "",
    ]
    func problems() throws -> [String] {
      try withTree(files) { tree in
        try LessonVerifier.verify(root: tree.root, provider: SampleRuns()).map(\.problem)
      }
    }
    #expect(
      try problems() == [
        "no wrong answer of an exercise shows the misconception 'lock-is-free'"
      ])
    files["Tests/ExerciseTests/01-a/1-b/Wrong/Free.swift"] =
      "// expects: data race, misconception=lock-is-free\n"
    #expect(try problems() == [])
  }
}
