import Authoring
import Publishing
import Testing

/// Weaving writes what the sources say, and checking notices when a lesson says otherwise.
struct WeaverTests {
  static let front = "---\ntitle: T\nquestion: Q?\nconcepts: c\nminutes: 1\n---\n"
  static let source = "let a = 1\n// snippet: b\n  let b = 2\n// end snippet\n"

  /// Weaves a lesson with this body and returns the new body.
  private func weave(_ body: String) throws -> String {
    let files = ["Lessons/01-a/lesson.md": Self.front + body, "Sources/A.swift": Self.source]
    return try withTree(files) { tree in
      let changed = try LessonVerifier.weave(root: tree.root, provider: SampleRuns())
      let text = tree.text(of: "Lessons/01-a/lesson.md") ?? ""
      #expect(changed == (text == Self.front + body ? [] : ["Lessons/01-a/lesson.md"]))
      return String(text.dropFirst(Self.front.count))
    }
  }

  private func check(_ body: String) throws -> [String] {
    let files = ["Lessons/01-a/lesson.md": Self.front + body, "Sources/A.swift": Self.source]
    return try withTree(files) { tree in
      let lesson = Lesson.read("01-a", in: tree)
      return Weaver(tree: tree, woven: SampleRuns()).check(lesson).map(\.description)
    }
  }

  @Test func `an empty block is filled`() throws {
    let woven = try weave("x\n\n```swift from=Sources/A.swift#b\n```\ny\n")
    #expect(woven == "x\n\n```swift from=Sources/A.swift#b\nlet b = 2\n```\ny\n")
  }

  @Test func `several blocks are replaced, also inside other blocks and lists`() throws {
    let woven = try weave(
      """
      ~~~~reveal "R"
      ```schedule run=good
      old
      older
      ```
      ~~~~

      - item

        ```swift from=Sources/A.swift
        ```

      """)
    #expect(
      woven == """
        ~~~~reveal "R"
        ```schedule run=good
        one

        two
        ```
        ~~~~

        - item

          ```swift from=Sources/A.swift
          let a = 1
            let b = 2
          ```

        """)
  }

  @Test func `weaving twice changes nothing`() throws {
    let body = "```console run=good\n```\n\n- a\n\n  ```swift from=Sources/A.swift\n  ```\n"
    let once = try weave(body)
    #expect(try weave(once) == once)
    #expect(try check(once) == [])
  }

  @Test func `a difference is reported where it begins`() throws {
    let findings = try check("```schedule run=good\none\n\nthree\n```\n")
    #expect(
      findings == [
        "Lessons/01-a/lesson.md:10: the block differs from schedule run=good: "
          + "here 'three', there 'two'; run fencelab weave"
      ])
  }

  @Test(arguments: [
    ("```swift from=Sources/B.swift\n```\n", ":7: there is no file 'Sources/B.swift'; "),
    (
      "```swift from=Sources/A.swift#c\n```\n",
      ":7: 'Sources/A.swift' has no finished region 'c'; use one of b"
    ),
    ("a\n\n```schedule run=bad\n```\n", ":9: there is no run 'bad'; use one of good"),
    ("```schedule run=fences\n```\n", ":7: the content would close the block; "),
    ("```schedule run=good\none", ":7: the block is never closed; "),
    ("> ```schedule run=good\n> ```\n", ":7: a woven block cannot stand in a quotation; "),
  ])
  func `a source that is missing is a finding`(body: String, expected: String) throws {
    let findings = try check(body)
    #expect(findings.count == 1)
    #expect(findings.first?.hasPrefix("Lessons/01-a/lesson.md\(expected)") == true, "\(findings)")
    #expect(throws: InvalidPages.self) { try weave(body) }
  }

  @Test func `a table can be woven`() throws {
    let body = "```table run=good caption=\"C\"\n```\n"
    #expect(try weave(body) == "```table run=good caption=\"C\"\none\n\ntwo\n```\n")
  }
}
