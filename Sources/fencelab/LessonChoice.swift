internal import Grading
internal import Publishing

/// Which lesson somebody means.
struct LessonChoice {
  private let workspace: Workspace
  private let tree: SourceTree

  init(_ workspace: Workspace, _ tree: SourceTree) {
    self.workspace = workspace
    self.tree = tree
  }

  /// By number or folder name; without a name that of the next exercise, or the first.
  func lesson(_ name: String?) throws -> Lesson {
    let known = Lesson.identifiers(in: tree)
    var wanted = name
    if wanted == nil {
      let course = Course(workspace)
      wanted = try Progress(workspace).next(in: course)?.lesson ?? known.first
    }
    let padded = wanted.map { $0.count == 1 ? "0" + $0 : $0 }
    guard let padded, let id = known.first(where: { $0 == padded || $0.hasPrefix(padded + "-") })
    else {
      throw GradingError(
        "There is no lesson \(name ?? "yet").", repair: "Known: \(known.joined(separator: ", ")).")
    }
    return Lesson.read(id, in: tree)
  }
}
