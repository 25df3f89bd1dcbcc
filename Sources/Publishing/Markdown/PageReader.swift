import Ccmark

/// Turns Markdown into blocks, understands the kit's fenced blocks, and notes what is wrong.
///
/// One reader reads one file, also when in several pieces, so that identifiers stay unique.
package struct PageReader {
  /// Path of the file, for findings.
  package let file: String

  /// What was wrong so far.
  package internal(set) var findings: [Finding] = []

  private var slugs = Slugs()

  /// Creates a reader for the file at this path; the text is passed to `read(_:firstLine:)`.
  package init(file: String) {
    self.file = file
  }

  /// Reads Markdown whose first line is line `firstLine` of the file.
  package mutating func read(_ markdown: String, firstLine: Int = 1) -> [Block] {
    CommonMarkNode.withDocument(markdown) { root in
      blocks(in: root, offset: firstLine - 1)
    }
  }

  /// Reads one line of running text.
  mutating func readInline(_ text: String, line: Int) -> [Inline] {
    CommonMarkNode.withDocument(text) { root in
      guard let paragraph = root.children.first, paragraph.type == CMARK_NODE_PARAGRAPH else {
        return text.isEmpty ? [] : [.text(text)]
      }
      var line = line
      return inlines(in: paragraph, line: &line)
    }
  }

  /// Notes that something is wrong.
  mutating func report(_ line: Int, _ problem: String, repair: String) {
    findings.append(Finding(file: file, line: line, problem: problem, repair: repair))
  }

  private mutating func blocks(in node: CommonMarkNode, offset: Int) -> [Block] {
    var blocks: [Block] = []
    for child in node.children { blocks.append(block(child, offset: offset)) }
    return blocks
  }

  private mutating func block(_ node: CommonMarkNode, offset: Int) -> Block {
    let first = node.firstLine + offset
    let lines = first...max(first, node.lastLine + offset)
    switch node.type {
    case CMARK_NODE_HEADING:
      var line = first
      let content = inlines(in: node, line: &line)
      let heading = Block.Heading(
        level: node.headingLevel, content: content, id: slugs.next(for: content.plainText))
      return Block(kind: .heading(heading), lines: lines)
    case CMARK_NODE_PARAGRAPH:
      var line = first
      let content = inlines(in: node, line: &line)
      if let table = pipeTable(content) { return Block(kind: .table(table), lines: lines) }
      return Block(kind: .paragraph(content), lines: lines)
    case CMARK_NODE_LIST:
      let items = node.children.map { $0 }
      var contents: [[Block]] = []
      for item in items { contents.append(blocks(in: item, offset: offset)) }
      let list = Block.List(start: node.listStart, isTight: node.isTight, items: contents)
      return Block(kind: .list(list), lines: lines)
    case CMARK_NODE_BLOCK_QUOTE:
      return Block(kind: .quote(blocks(in: node, offset: offset)), lines: lines)
    case CMARK_NODE_THEMATIC_BREAK:
      return Block(kind: .rule, lines: lines)
    case CMARK_NODE_CODE_BLOCK:
      return fencedBlock(InfoString(node.infoString), text: node.literal, lines: lines)
    case CMARK_NODE_HTML_BLOCK:
      reportHTML(first)
      return Block(kind: .html(node.literal), lines: lines)
    default:
      preconditionFailure("cmark produced a block of a type that CommonMark does not have")
    }
  }

  private mutating func inlines(in node: CommonMarkNode, line: inout Int) -> [Inline] {
    var result: [Inline] = []
    for child in node.children { result.append(inline(child, line: &line)) }
    return result
  }

  private mutating func inline(_ node: CommonMarkNode, line: inout Int) -> Inline {
    switch node.type {
    case CMARK_NODE_TEXT: return .text(node.literal)
    case CMARK_NODE_CODE: return .code(node.literal)
    case CMARK_NODE_SOFTBREAK:
      line += 1
      return .softBreak
    case CMARK_NODE_LINEBREAK:
      line += 1
      return .lineBreak
    case CMARK_NODE_EMPH: return .emphasis(inlines(in: node, line: &line))
    case CMARK_NODE_STRONG: return .strong(inlines(in: node, line: &line))
    case CMARK_NODE_LINK:
      let start = line
      let content = inlines(in: node, line: &line)
      return .link(destination: node.destination, content, line: start)
    case CMARK_NODE_IMAGE:
      let start = line
      let content = inlines(in: node, line: &line)
      if content.plainText.isEmpty {
        report(start, "the image has no alternative text", repair: "say in [] what it shows")
      }
      return .image(destination: node.destination, content, line: start)
    case CMARK_NODE_HTML_INLINE:
      reportHTML(line)
      return .html(node.literal, line: line)
    default:
      preconditionFailure("cmark produced an inline of a type that CommonMark does not have")
    }
  }

  private mutating func reportHTML(_ line: Int) {
    report(
      line, "raw HTML is not rendered",
      repair: "use a fenced block (Documentation/LessonFormat.md), or write \\< for the character")
  }
}

extension PageReader {
  /// The table a paragraph of `| … |` lines means, as code hosts show it.
  private func pipeTable(_ content: [Inline]) -> Table? {
    guard case .text(let opening)? = content.first, opening.hasPrefix("|") else { return nil }
    var rows: [[[Inline]]] = content.split(separator: .softBreak).map { cells(of: $0) }
    guard rows.count >= 2, Table.isRule(rows[1].map(\.plainText)) else { return nil }
    let header = rows.removeFirst()
    rows.removeFirst()
    return Table(caption: nil, header: header, rows: rows)
  }

  private func cells(of line: ArraySlice<Inline>) -> [[Inline]] {
    var cells: [[Inline]] = [[]]
    for inline in line {
      guard case .text(let text) = inline else {
        cells[cells.count - 1].append(inline)
        continue
      }
      for (index, piece) in text.split(separator: "|", omittingEmptySubsequences: false)
        .enumerated()
      {
        if index > 0 { cells.append([]) }
        let words = piece.split(separator: " ", omittingEmptySubsequences: true)
        guard !words.isEmpty else { continue }
        let before = piece.first == " " && !cells[cells.count - 1].isEmpty ? " " : ""
        let after = piece.last == " " ? " " : ""
        cells[cells.count - 1].append(.text(before + words.joined(separator: " ") + after))
      }
    }
    if cells.first?.isEmpty == true { cells.removeFirst() }
    if cells.last?.isEmpty == true { cells.removeLast() }
    return cells.map { cell in
      guard case .text(let text)? = cell.last, text.last == " " else { return cell }
      return cell.dropLast() + [.text(String(text.dropLast()))]
    }
  }
}
