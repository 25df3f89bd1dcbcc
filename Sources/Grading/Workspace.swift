internal import FoundationEssentials

/// The checkout a learner works in: where exercises, lessons and the kit's notes lie.
public struct Workspace: Sendable, Hashable {
  /// The folder that holds `Package.swift` and `Exercises`.
  public let root: String

  /// Takes a folder as it is.
  public init(root: String) { self.root = root }

  /// Walks up from a folder to the checkout that it lies in.
  public static func find(from folder: String) throws(GradingError) -> Workspace {
    var path = folder
    while true {
      let isRoot = ["Package.swift", "Exercises"].allSatisfy {
        FileManager.default.fileExists(atPath: "\(path)/\($0)")
      }
      if isRoot { return Workspace(root: path) }
      guard let slash = path.lastIndex(of: "/"), path.count > 1 else { break }
      path = slash == path.startIndex ? "/" : String(path[..<slash])
      if path == "/" { break }
    }
    throw GradingError(
      "No Fencelab checkout here: no folder above \(folder) has Exercises and Package.swift.",
      repair: "Change into the folder that you cloned, and try again.")
  }

  /// The checkout around the current folder.
  public static func current() throws(GradingError) -> Workspace {
    try find(from: FileManager.default.currentDirectoryPath)
  }

  /// The exercises of all lessons.
  package var exercisesFolder: String { "\(root)/Exercises" }
  /// Answers that prove the exercises.
  package var answersFolder: String { "\(root)/Tests/ExerciseTests" }
  /// What the kit keeps: progress, backups, compiled exercises.
  package var notesFolder: String { "\(root)/.fencelab" }

  /// A path as a reader sees it: below the root where it is.
  func shown(_ path: String) -> String {
    path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path
  }
}
