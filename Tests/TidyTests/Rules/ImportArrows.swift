/// Import arrows point down: a file may import only targets on floors below its own.
func importArrows(in file: SourceFile) -> [Violation] {
  guard let target = file.target, file.isSwift else { return [] }
  return file.imports.compactMap { module, line in
    arrowRepair(from: target, to: module).map {
      Violation(file: file.path, line: line, rule: "import arrows", repair: $0)
    }
  }
}

/// The manifest must tell the same story as the floor table.
func manifestArrows(in manifest: SourceFile) -> [Violation] {
  manifest.manifestTargets.flatMap { target in
    target.dependencies.compactMap { dependency in
      arrowRepair(from: target.name, to: dependency).map {
        Violation(file: manifest.path, line: target.line, rule: "manifest arrows", repair: $0)
      }
    }
  }
}

/// A file imports only what its own target declares; SwiftPM alone would let it lean on others.
func undeclaredImports(in file: SourceFile, manifest: SourceFile) -> [Violation] {
  guard file.isSwift,
    let target = manifest.manifestTargets.first(where: { $0.name == file.target })
  else { return [] }
  return file.imports.compactMap { module, line in
    guard House.floors[module] != nil, !target.dependencies.contains(module) else { return nil }
    return Violation(
      file: file.path, line: line, rule: "undeclared imports",
      repair: "\(target.name) imports \(module) but Package.swift does not list it: add it there.")
  }
}

/// The picture of the floors shows every target once, starred if it is only planned.
func outdatedPicture(_ picture: SourceFile, manifest: SourceFile) -> [Violation] {
  let built = Set(manifest.manifestTargets.map(\.name))
  return House.floors.keys.sorted().compactMap { target in
    let starred = !picture.occurrences(of: "\(target) *", in: \.bytes).isEmpty
    let shown = !picture.occurrences(of: target, in: \.bytes).isEmpty
    if shown, starred != built.contains(target) { return nil }
    return Violation(
      file: picture.path, line: 0, rule: "picture of the floors",
      repair: shown
        ? "\(target) is \(starred ? "built: remove its star" : "only planned: give it a star")."
        : "show \(target) on its floor.")
  }
}

private func arrowRepair(from target: String, to module: String) -> String? {
  guard let theirs = House.floors[module] else { return nil }
  guard let ours = House.floors[target] else {
    return "\(target) has no floor: add it to House.floors and to Documentation/Architecture.md."
  }
  if let users = House.onlyUsers[module], !users.contains(target) {
    let user = users.joined(separator: " and ")
    return "only \(user) may use \(module): ask \(user) for what \(target) needs."
  }
  if theirs < ours { return nil }
  let relation = theirs == ours ? "a sibling" : "above"
  return "\(target) (floor \(ours)) imports \(module) (floor \(theirs), \(relation)): "
    + "move the shared part to a floor below both."
}

/// A target as Package.swift declares it.
struct ManifestTarget {
  let name: String
  let line: Int
  let dependencies: [String]
}

extension SourceFile {
  /// The modules the file imports, with the line of each import.
  var imports: [(module: String, line: Int)] {
    occurrences(of: "import").map { offset in
      let rest = String(decoding: code[offset...].prefix { $0 != .newline }, as: UTF8.self)
      let words = rest.split(whereSeparator: { $0 == " " || $0 == ";" }).dropFirst()
      let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = words.first { !kinds.contains(String($0)) } ?? ""
      return (String(name.prefix { $0 != "." }), line(at: offset))
    }
  }

  /// The targets a manifest declares through our helpers or SwiftPM's own functions; no tests.
  var manifestTargets: [ManifestTarget] {
    ["room", "target", "executableTarget", "systemLibrary"].flatMap { function in
      occurrences(of: function).compactMap { offset in
        let open = offset + function.utf8.count
        guard open < code.count, code[open] == UInt8(ascii: "("),
          let close = closing(of: open), !line(line(at: offset)).contains("func ")
        else { return nil }
        let literals = stringLiterals(in: open..<close)
        guard let name = literals.first else { return nil }
        return ManifestTarget(
          name: name, line: line(at: offset),
          dependencies: literals.dropFirst().filter { House.floors[$0] != nil })
      }
    }
  }

  private func stringLiterals(in range: Range<Int>) -> [String] {
    let text = String(decoding: bytes[range], as: UTF8.self)
    let pieces = text.split(separator: "\"", omittingEmptySubsequences: false)
    return pieces.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}
