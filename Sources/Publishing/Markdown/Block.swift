/// A block of a page: CommonMark's own blocks, and the kit's fenced blocks already understood.
package struct Block: Sendable {
  /// What the block is.
  package var kind: Kind

  /// First and last line in the file, including the fences of a fenced block.
  package var lines: ClosedRange<Int>

  /// Where the content comes from, when the kit writes it and not the author.
  package var origin: Origin?

  /// The kinds of block that a page may consist of.
  package indirect enum Kind: Sendable {
    case heading(Heading)
    case paragraph([Inline])
    case list(List)
    case quote([Block])
    case rule
    /// Program text in `language`.
    case listing(language: String, text: String)
    /// What a run of the kit printed or drew.
    case output(OutputKind, text: String)
    case table(Table)
    case note(title: String, [Block])
    case predict([Block])
    case reveal(title: String, [Block])
    case quiz(Quiz)
    case sources(List)
    /// Raw HTML: never passed on, shown as the text it is.
    case html(String)
  }

  /// A heading with the identifier that links point at.
  package struct Heading: Sendable {
    package let level: Int
    package let content: [Inline]
    package let id: String
  }

  /// A bullet list, or a numbered one that begins at `start`.
  package struct List: Sendable {
    package let start: Int?
    package let isTight: Bool
    package let items: [[Block]]
  }

  /// What kind of output a woven block shows.
  package enum OutputKind: String, Sendable, CaseIterable {
    case schedule, console, table, diagram
  }

  /// The source that a woven block names.
  package enum Origin: Hashable, Sendable {
    /// `from=PATH` or `from=PATH#REGION`.
    case file(path: String, region: String?)
    /// `run=NAME`.
    case run(OutputKind, name: String)
  }
}

extension Block {
  /// The blocks directly inside this one.
  package var children: [Block] {
    switch kind {
    case .quote(let blocks), .note(_, let blocks), .predict(let blocks), .reveal(_, let blocks):
      blocks
    case .list(let list), .sources(let list): list.items.flatMap { $0 }
    case .quiz(let quiz): quiz.question
    case .heading, .paragraph, .rule, .listing, .output, .table, .html: []
    }
  }
}

extension [Block] {
  /// These blocks and everything inside them, in reading order.
  package var flattened: [Block] {
    flatMap { [$0] + $0.children.flattened }
  }

  /// The headings in reading order, also those inside notes.
  package var headings: [Block.Heading] {
    flattened.compactMap { if case .heading(let heading) = $0.kind { heading } else { nil } }
  }

  /// Every identifier that a fragment may name.
  package var anchors: Set<String> {
    var anchors: Set<String> = []
    for block in flattened {
      switch block.kind {
      case .heading(let heading): anchors.insert(heading.id)
      case .quiz(let quiz): anchors.insert(quiz.id)
      case .sources(let list):
        for number in list.items.indices { anchors.insert("source-\(number + 1)") }
      default: break
      }
    }
    return anchors
  }
}
