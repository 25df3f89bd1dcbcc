/// The map from the kernel's names to ours must name files and declarations that exist.
///
/// It is made of tables. In a row, a backticked path ending in `.swift` is the file; the backticked
/// names of the column headed "ours" must occur in one of the row's files.
func kernelMapGaps(in map: SourceFile, among files: [SourceFile]) -> [Violation] {
  var ours: Int?
  return (1...max(1, map.lineCount)).flatMap { number -> [Violation] in
    let cells = tableCells(map.line(number))
    guard !cells.isEmpty else {
      ours = nil
      return []
    }
    if let heading = cells.firstIndex(where: { $0.lowercased() == "ours" }) {
      ours = heading
      return []
    }
    let paths = cells.flatMap(backticked).filter { $0.hasSuffix(".swift") }
    let present = paths.compactMap { path in files.first { $0.path == path } }
    let missingFiles = paths.filter { path in !present.contains { $0.path == path } }.map {
      "`\($0)` does not exist: correct the path from the repository's root."
    }
    let names = ours.flatMap { $0 < cells.count ? backticked(cells[$0]) : nil } ?? []
    let missingNames = names.filter { name in
      !name.hasSuffix(".swift") && !present.isEmpty && !present.contains { declares(name, in: $0) }
    }.map { "`\($0)` does not occur in \(paths.joined(separator: ", ")): correct name or path." }
    return (missingFiles + missingNames).map {
      Violation(file: map.path, line: number, rule: "kernel map", repair: $0)
    }
  }
}

private func tableCells(_ line: String) -> [String] {
  guard line.hasPrefix("|") else { return [] }
  return line.split(separator: "|").map {
    String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// `Fence.signal(error:)` is there if the word `signal` is.
private func declares(_ name: String, in file: SourceFile) -> Bool {
  let plain = name.prefix { $0 != "(" && $0 != " " }
  guard let word = plain.split(separator: ".").last else { return false }
  return !file.occurrences(of: String(word)).isEmpty
}
