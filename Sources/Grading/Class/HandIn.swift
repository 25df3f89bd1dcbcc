internal import FoundationEssentials

/// What one person handed in for one exercise.
struct HandIn: Sendable, Hashable {
  let student: String
  let exercise: Exercise
  /// The answer; nil where there is none.
  let file: String?
  /// Files beside the answer that are not the person's to change, and differ from the course's.
  let changed: [String]
}

/// The folder of a class: one folder a person, in it the answers.
///
/// An answer lies where it lies in a checkout, or below `<lesson>/<exercise>`, or is a file such as
/// `06.1.swift`. Nothing else of what was handed in is used: checks, hints and the kit are the
/// course's own.
struct ClassFolder: Sendable {
  let path: String
  /// Folder names, in order.
  let students: [String]

  /// Lists the folder.
  init(_ path: String) throws(GradingError) {
    self.path = path
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw GradingError("There is no folder \(path).", repair: "Name the folder of the class.")
    }
    students = names.filter { !$0.hasPrefix(".") && Self.isFolder("\(path)/\($0)") }.sorted()
    if students.isEmpty {
      throw GradingError(
        "\(path) holds no folders, so there is nothing to grade.",
        repair: "Put each person's answers into a folder of their own.")
    }
  }

  /// What somebody handed in for an exercise.
  func handIn(_ student: String, _ exercise: Exercise) -> HandIn {
    let own = "\(path)/\(student)"
    let folders = ["\(own)/Exercises/\(exercise.id)", "\(own)/\(exercise.id)"]
    let places = folders.map { "\($0)/Exercise.swift" } + ["\(own)/\(exercise.number).swift"]
    let file = places.first { Self.exists($0) }
    let changed = folders.flatMap { folder in
      ["Checks.swift", "hints.md"].filter { name in
        let theirs = FileManager.default.contents(atPath: "\(folder)/\(name)")
        let ours = FileManager.default.contents(atPath: "\(exercise.folder)/\(name)")
        return theirs != nil && theirs != ours
      }
    }
    return HandIn(student: student, exercise: exercise, file: file, changed: changed)
  }

  /// Whether the path leaves the person's folder through a link.
  func leads(outOf student: String, _ file: String) -> Bool {
    let own = URL(filePath: "\(path)/\(student)").resolvingSymlinksInPath().path
    let folder = URL(filePath: String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]))
    return !(folder.resolvingSymlinksInPath().path + "/").hasPrefix(own + "/")
  }

  private static func exists(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path)) != nil
  }

  private static func isFolder(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeDirectory
  }
}

/// One of several machines that share the work.
public struct Shard: Sendable, Hashable {
  /// Counted from 1.
  public let index: Int
  /// Of how many.
  public let count: Int

  /// The only one.
  public static let whole = Shard(index: 1, count: 1)

  private init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// Reads `3/10`; nil where the text is something else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1, index <= count
    else { return nil }
    self.init(index: index, count: count)
  }

  /// Its part of a list.
  func part<Element>(of all: [Element]) -> [Element] {
    all.enumerated().filter { $0.offset % count == index - 1 }.map(\.element)
  }
}
