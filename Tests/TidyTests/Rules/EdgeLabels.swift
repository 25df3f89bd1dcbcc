/// Folders whose lockless code says what each access orders.
private let labelledFolders = [
  "Kernel", "Fences", "Hardware", "Drivers", "Reservations", "Scheduler", "SyncObjects",
].map { "Sources/\($0)" }

/// Every access and barrier says in a comment what it orders, or why it orders nothing.
func unlabelledSites(in file: SourceFile) -> [Violation] {
  guard file.isUnder(labelledFolders) else { return [] }
  return file.orderingSites.compactMap { site in
    missing(at: site).map {
      Violation(file: file.path, line: site.line, rule: "edge labels", repair: $0)
    }
  }
}

private func missing(at site: OrderingSite) -> String? {
  if site.kind == "relaxed" {
    return site.commentary.contains("relaxed: ")
      ? nil : "say above why nothing is ordered: `// relaxed: rechecked under the lock below.`"
  }
  guard let label = site.label else {
    return "name the edge: `edge: \"subject.verb\"`, the same label as its partner's."
  }
  guard let comment = site.edgeComment else {
    return "name the partner above: `// \(site.kind)[\(label)] → … in Type.method(_:). Why.`"
  }
  if let arrow = OrderingVocabulary.arrow(from: site.kind, to: comment.partnerKind),
    arrow != comment.arrow
  {
    return "the arrow from \(site.kind) to \(comment.partnerKind) is `\(arrow)`."
  }
  return comment.hasReason ? nil : "say after the partner what the edge is for."
}

/// An edge has two ends: a label that only publishes, or only observes, is an orphan.
///
/// A full update may be its own partner, run by another thread. A release may be observed by a
/// relaxed load with a dependency, which needs no label.
func orphanEdges(in files: [SourceFile]) -> [Violation] {
  let sites = files.filter { $0.isUnder(labelledFolders) }.flatMap(\.orderingSites)
  return sites.filter { $0.label != nil && $0.kind != "relaxed" }.compactMap { site in
    orphanRepair(site, among: sites).map {
      Violation(file: site.file.path, line: site.line, rule: "orphan edges", repair: $0)
    }
  }
}

private func orphanRepair(_ site: OrderingSite, among sites: [OrderingSite]) -> String? {
  let label = site.label ?? ""
  guard let comment = site.edgeComment else { return nil }
  if OrderingVocabulary.dependencies.contains(comment.partnerKind) {
    return dependencyRepair(comment, label, among: sites)
  }
  if comment.partner == site.enclosing, site.kind == "full" { return nil }
  let others = sites.filter {
    $0.label == label && ($0.line, $0.file.path) != (site.line, site.file.path)
  }
  let hasPartner =
    (site.publishes && others.contains(where: \.observes))
    || (site.observes && others.contains(where: \.publishes))
  guard hasPartner else {
    return "nothing else orders against `\(label)`: label the partner, or relax this one."
  }
  let named = others.filter { $0.enclosing == comment.partner }
  guard let kind = named.first?.kind else {
    return "`\(label)` has no site in a `\(comment.partner)`: name where the partner stands."
  }
  return named.contains { $0.kind == comment.partnerKind } || comment.partnerKind == "barrier"
    ? nil : "`\(comment.partner)` has \(kind), not \(comment.partnerKind), on `\(label)`."
}

/// The partner is a relaxed load whose comment says that a dependency orders it.
private func dependencyRepair(
  _ comment: EdgeComment, _ label: String, among sites: [OrderingSite]
) -> String? {
  let isThere = sites.contains {
    $0.enclosing == comment.partner && $0.kind == "relaxed"
      && $0.commentary.contains("dependency")
  }
  return isThere
    ? nil
    : "no relaxed load in a `\(comment.partner)` says `dependency`: name where `\(label)` ends."
}
