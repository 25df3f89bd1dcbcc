/// One exercise: the folder with the file a learner edits and the checks that judge it.
public struct Exercise: Sendable, Hashable {
  /// The lesson's folder name, such as `06-the-signaled-bit`.
  public let lesson: String
  /// The exercise's folder name, such as `1-break-it`.
  public let name: String
  /// The exercise's folder.
  public let folder: String

  /// What JSON, progress and messages call it, such as `06-the-signaled-bit/1-break-it`.
  public var id: String { "\(lesson)/\(name)" }
  /// What one types, such as `06.1`.
  public var number: String { "\(Self.leadingNumber(lesson)).\(Self.leadingNumber(name))" }
  /// The lesson's number, such as `06`.
  public var lessonNumber: String { String(Self.leadingNumber(lesson)) }

  /// The only file a learner edits.
  public var file: String { "\(folder)/Exercise.swift" }
  /// What is explored and expected.
  public var checksFile: String { "\(folder)/Checks.swift" }
  /// What is shown after a pass: why the solution works, and a harder variant.
  public var afterFile: String { "\(folder)/after.md" }
  /// The graded hints.
  public var hintsFile: String { "\(folder)/hints.md" }

  package init(lesson: String, name: String, folder: String) {
    self.lesson = lesson
    self.name = name
    self.folder = folder
  }

  /// Whether somebody who typed `text` means this exercise.
  ///
  /// The whole id, its number, its folder name and that name without its number all do, and the
  /// path of its folder or file.
  func isMeant(by text: String) -> Bool {
    let plain = name.drop { $0.isNumber || $0 == "-" }
    let short = "\(Int(lessonNumber) ?? 0).\(Self.leadingNumber(name))"
    return [id, number, short, name, String(plain)].contains(text)
      || ["Exercises/\(id)", "Exercises/\(id)/", "Exercises/\(id)/Exercise.swift"].contains {
        text == $0 || text.hasSuffix("/\($0)")
      }
  }

  private static func leadingNumber(_ name: String) -> Substring { name.prefix { $0.isNumber } }
}
