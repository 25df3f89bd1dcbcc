package import Publishing

/// Proves that lessons are what they claim: woven content is current, links lead somewhere, and
/// the rules of Documentation/LessonFormat.md hold.
package enum LessonVerifier {
  /// Everything wrong with the lessons and pages under `root`, in reading order.
  package static func verify(root: String, provider: any WovenSource) throws -> [Finding] {
    let tree = SourceTree(root: root)
    var findings: [Finding] = []
    let weaver = Weaver(tree: tree, woven: provider)
    for id in Lesson.identifiers(in: tree) {
      let lesson = Lesson.read(id, in: tree)
      findings += weaver.check(lesson)
      findings += LessonLint(lesson, in: tree).findings
    }
    do {
      _ = try SiteBuilder(tree: tree, woven: provider).render()
    } catch let error as InvalidPages {
      findings += error.findings
    }
    return findings.inReadingOrder
  }

  /// Weaves every lesson under `root`.
  ///
  /// - Returns: The files that changed.
  package static func weave(root: String, provider: any WovenSource) throws -> [String] {
    let tree = SourceTree(root: root)
    let weaver = Weaver(tree: tree, woven: provider)
    return try Lesson.identifiers(in: tree).map { Lesson.read($0, in: tree) }
      .filter { try weaver.weave($0) }.map(\.path)
  }
}
