/// Relative links and backticked paths of a page must lead to something in the repository.
///
/// `existing` are the paths of its files. A path with a placeholder (`NN`, `*`, `…`, `<`) is a
/// pattern and is not followed.
func brokenReferences(in page: SourceFile, existing: Set<String>) -> [Violation] {
  guard page.isMarkdown else { return [] }
  let folder = page.path.split(separator: "/").dropLast()
  return page.proseLines.flatMap { number, text in
    let links = linkTargets(in: text).map { resolve($0, from: folder.map(String.init)) }
    let paths = backticked(text).filter(isRepositoryPath)
    return (links + paths).filter { !leads($0, to: existing) }.map {
      Violation(
        file: page.path, line: number, rule: "references",
        repair: "`\($0)` does not exist: correct the path, or write the page.")
    }
  }
}

private func linkTargets(in line: String) -> [String] {
  line.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
    let target = rest.prefix { $0 != ")" && $0 != "#" && $0 != " " }
    let isElsewhere = target.contains(":") || target.isEmpty
    return isElsewhere ? nil : String(target)
  }
}

private func isRepositoryPath(_ text: String) -> Bool {
  let parts = text.split(separator: "/")
  guard let first = parts.first, parts.count > 1 else { return false }
  return Repository.folders.contains(String(first)) && !text.contains { "*…<{ #".contains($0) }
    && !text.contains("NN")
}

private func resolve(_ target: String, from folder: [String]) -> String {
  var place = folder
  for part in target.split(separator: "/") {
    switch part {
    case "..": _ = place.popLast()
    case ".": break
    default: place.append(String(part))
    }
  }
  return place.joined(separator: "/")
}

private func leads(_ path: String, to existing: Set<String>) -> Bool {
  let plain = path.hasSuffix("/") ? String(path.dropLast()) : path
  return existing.contains(plain) || existing.contains { $0.hasPrefix(plain + "/") }
}
