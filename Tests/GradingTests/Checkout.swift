import Foundation
import Grading

/// A copy of the fixture course in a folder of its own, removed when the test is over.
final class Checkout {
  let workspace: Workspace
  var course: Course { Course(workspace) }

  static let fixtures = "\(#filePath.dropLast("/Checkout.swift".count))/Fixtures"

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fencelab-\(UUID())").path
    try FileManager.default.copyItem(atPath: Self.fixtures, toPath: folder)
    workspace = Workspace(root: folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: workspace.root) }

  /// The exercise that most tests answer.
  func handOver() throws -> Exercise { try course.exercise("01.1") }

  func answer(_ name: String) -> String { "\(workspace.root)/Answers/\(name).swift" }

  func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }
}

extension ChildProcess.Limits {
  /// Short for what shall time out; otherwise so long that a busy machine changes no verdict.
  static func forTests(of verdict: GradeVerdict) -> ChildProcess.Limits {
    ChildProcess.Limits(
      wallMilliseconds: verdict == .timedOut ? 2_000 : 60_000,
      outputBytes: Limits.outputBytesMax, frameBytes: Limits.frameBytesMax)
  }
}
