internal import FoundationEssentials

/// What the head of a `Checks.swift` promises.
package struct ChecksHeader: Hashable {
  /// How many explorations will be reported.
  package let explorations: Int

  /// Reads `// explorations: 2` from the comment lines at the top.
  package init(_ exercise: Exercise) throws(GradingError) {
    let bytes = FileManager.default.contents(atPath: exercise.checksFile) ?? Data()
    let head = String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix {
      $0.hasPrefix("//")
    }
    let key = "// explorations: "
    guard let line = head.first(where: { $0.hasPrefix(key) }),
      let count = Int(line.dropFirst(key.count).trimmed), count > 0
    else {
      throw GradingError(
        "\(exercise.checksFile) does not say how many explorations are due.",
        repair: "Begin it with `// explorations: 2`, or however many it makes.")
    }
    explorations = count
  }
}
