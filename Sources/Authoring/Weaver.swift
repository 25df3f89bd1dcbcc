package import Publishing

/// Writes what the kit produced into the blocks of a lesson that name it, or says what differs.
package struct Weaver {
  private let tree: SourceTree
  private let woven: any WovenSource

  /// Creates a weaver for the lessons of `tree`; `woven` answers the blocks with `run=`.
  package init(tree: SourceTree, woven: any WovenSource) {
    self.tree = tree
    self.woven = woven
  }

  /// Rewrites every woven block of a lesson.
  ///
  /// - Returns: Whether the file had to change.
  /// - Throws: ``InvalidPages`` when a source is missing; the file is left alone then.
  package func weave(_ lesson: Lesson) throws -> Bool {
    let (blocks, findings) = read(lesson)
    if !findings.isEmpty { throw InvalidPages(findings) }
    guard let text = tree.text(of: lesson.path) else { return false }
    var lines = Self.lines(of: text)
    for block in blocks.sorted(by: { $0.first > $1.first }) {
      lines.replaceSubrange(block.contentRange, with: block.indentedContent)
    }
    let result = lines.joined(separator: "\n")
    guard result != text else { return false }
    try tree.write(result, to: lesson.path)
    return true
  }

  /// Every woven block of a lesson that is not what its source says.
  package func check(_ lesson: Lesson) -> [Finding] {
    let (blocks, findings) = read(lesson)
    return findings + blocks.compactMap { $0.difference(in: lesson.path) }
  }

  private func read(_ lesson: Lesson) -> (blocks: [WovenBlock], findings: [Finding]) {
    let lines = Self.lines(of: tree.text(of: lesson.path) ?? "")
    var blocks: [WovenBlock] = []
    var findings: [Finding] = []
    for block in lesson.blocks.flattened {
      guard let origin = block.origin else { continue }
      do throws(WovenSourceError) {
        let content = try content(of: origin, in: lesson)
        blocks.append(try WovenBlock(origin, block.lines, in: lines, content: content))
      } catch {
        findings.append(
          Finding(
            file: lesson.path, line: block.lines.lowerBound, problem: error.problem,
            repair: error.repair))
      }
    }
    return (blocks, findings)
  }

  private func content(
    of origin: Block.Origin, in lesson: Lesson
  ) throws(WovenSourceError) -> String {
    switch origin {
    case .file(let path, let region): return try snippet(region, of: path)
    case .run(let kind, let name):
      do {
        return try woven.text(of: kind, run: name, lesson: lesson.id)
      } catch let error as WovenSourceError {
        throw error
      } catch {
        throw WovenSourceError(
          problem: "the run '\(name)' failed: \(error)", repair: "repair the run")
      }
    }
  }

  private func snippet(_ region: String?, of path: String) throws(WovenSourceError) -> String {
    guard let source = tree.text(of: path) else {
      throw WovenSourceError(
        problem: "there is no file '\(path)'",
        repair: "name it by its path from the root of the package")
    }
    if let text = Snippet.extract(region, from: source) { return text }
    let known = Snippet.regions(in: source)
    throw WovenSourceError(
      problem: "'\(path)' has no finished region '\(region ?? "")'",
      repair: known.isEmpty
        ? "mark it with '// snippet: \(region ?? "NAME")' and '// end snippet'"
        : "use one of \(known.joined(separator: ", "))")
  }

  private static func lines(of text: String) -> [Substring] {
    text.lines
  }
}

/// A block in the file and what it should contain.
private struct WovenBlock {
  let origin: Block.Origin

  /// Line of the opening fence, counted from 1.
  let first: Int

  /// Indices of the lines between the fences.
  let contentRange: Range<Int>

  let present: [Substring]
  let wanted: [Substring]
  let indentation: Substring

  init(
    _ origin: Block.Origin, _ range: ClosedRange<Int>, in lines: [Substring], content: String
  ) throws(WovenSourceError) {
    self.origin = origin
    first = range.lowerBound
    let opening = lines[range.lowerBound - 1]
    indentation = opening.prefix { $0 == " " }
    let fence = opening.dropFirst(indentation.count).prefix { $0 == "`" || $0 == "~" }
    guard fence.count >= 3 else {
      throw WovenSourceError(
        problem: "a woven block cannot stand in a quotation", repair: "take it out of the '>' lines"
      )
    }
    guard range.upperBound > range.lowerBound,
      lines[range.upperBound - 1].drop(while: { $0 == " " }).hasPrefix(fence)
    else {
      throw WovenSourceError(
        problem: "the block is never closed", repair: "end it with a line '\(fence)'")
    }
    contentRange = range.lowerBound..<(range.upperBound - 1)
    let indent = indentation.count
    present = lines[contentRange].map { line in
      line.dropFirst(min(indent, line.prefix { $0 == " " }.count))
    }
    var wanted = content.lines
    if wanted.last?.isEmpty == true { wanted.removeLast() }
    self.wanted = wanted.map { line in
      let blanks = line.reversed().prefix { $0 == " " }.count
      return line.dropLast(blanks)
    }
    if self.wanted.contains(where: { $0.drop(while: { $0 == " " }).hasPrefix(fence) }) {
      throw WovenSourceError(
        problem: "the content would close the block", repair: "open it with a longer fence")
    }
  }

  var indentedContent: [Substring] {
    wanted.map { $0.isEmpty ? $0 : indentation + $0 }
  }

  /// The first line that differs.
  func difference(in file: String) -> Finding? {
    guard present != wanted else { return nil }
    let index = zip(present, wanted).enumerated().first { $1.0 != $1.1 }?.offset
    let offset = index ?? min(present.count, wanted.count)
    let here = offset < present.count ? "'\(present[offset])'" : "the block ends"
    let there = offset < wanted.count ? "'\(wanted[offset])'" : "nothing more"
    return Finding(
      file: file, line: first + 1 + offset,
      problem: "the block differs from \(name): here \(here), there \(there)",
      repair: "run fencelab weave")
  }

  private var name: String {
    switch origin {
    case .file(let path, let region): path + (region.map { "#\($0)" } ?? "")
    case .run(let kind, let name): "\(kind.rawValue) run=\(name)"
    }
  }
}
