import FoundationEssentials

/// What the search knows: the words of every page, by the heading they stand under.
///
/// The index is a script and no data file, because a page opened from `file://` may load the one
/// and not the other. Answers, hints and what the reader is asked to predict are left out.
struct SearchIndex {
  /// A stretch of text under one heading, as it is written to the index.
  private struct Entry: Encodable {
    let page: String
    let link: String
    let heading: String
    var words: String

    func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      for text in [page, link, heading, words] { try container.encode(text) }
    }
  }

  private var entries: [Entry] = []

  /// Reads every page of the plan.
  init(_ plan: SitePlan) {
    for page in plan.pages {
      switch page.content {
      case .front: break
      case .lesson(let lesson): add(lesson.blocks, of: page, opening: lesson.front.question)
      case .exercise(let exercise, _): add(exercise.task, of: page)
      case .document(let document): add(document.blocks, of: page)
      }
    }
  }

  /// The script that hands the index to the search page.
  func script() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return "fencelabIndex(\(String(decoding: try encoder.encode(entries), as: UTF8.self)));\n"
  }

  private mutating func add(_ blocks: [Block], of page: SitePlan.Page, opening: String = "") {
    var entry = Entry(page: page.title, link: page.output, heading: "", words: opening)
    for block in blocks {
      if case .heading(let heading) = block.kind {
        entries.append(entry)
        entry = Entry(
          page: page.title, link: "\(page.output)#\(heading.id)",
          heading: heading.content.plainText, words: "")
      } else {
        entry.words += block.searchableText
      }
    }
    entries.append(entry)
  }
}

extension Block {
  /// The words a reader may look for, each block's followed by a blank.
  fileprivate var searchableText: String {
    switch kind {
    case .paragraph(let content): content.plainText + " "
    case .heading(let heading): heading.content.plainText + " "
    case .table(let table):
      ([table.header] + table.rows).map { row in
        row.map(\.plainText).joined(separator: " ") + " "
      }.joined()
    case .list, .quote, .note, .sources: children.map(\.searchableText).joined()
    case .rule, .listing, .output, .predict, .reveal, .quiz, .html: ""
    }
  }
}
