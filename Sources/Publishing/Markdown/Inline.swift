/// A piece of running text.
package indirect enum Inline: Sendable, Equatable {
  case text(String)
  case code(String)
  case softBreak
  case lineBreak
  case emphasis([Inline])
  case strong([Inline])
  /// A link; `line` is where it stands in the file.
  case link(destination: String, [Inline], line: Int)
  /// An image; its content is the alternative text.
  case image(destination: String, [Inline], line: Int)
  /// Raw HTML: never passed on, shown as the text it is.
  case html(String, line: Int)
}

extension [Inline] {
  /// The words alone, without any markup.
  package var plainText: String {
    var text = ""
    for inline in self {
      switch inline {
      case .text(let words), .code(let words), .html(let words, _): text += words
      case .softBreak, .lineBreak: text += " "
      case .emphasis(let content), .strong(let content): text += content.plainText
      case .link(_, let content, _), .image(_, let content, _): text += content.plainText
      }
    }
    return text
  }

  /// The words an author chose, without code: what the rules about wording apply to.
  package var prose: String {
    var text = ""
    for inline in self {
      switch inline {
      case .text(let words): text += words
      case .code: text += "\u{FFFC}"
      case .html: break
      case .softBreak, .lineBreak: text += "\n"
      case .emphasis(let content), .strong(let content): text += content.prose
      case .link(_, let content, _), .image(_, let content, _): text += content.prose
      }
    }
    return text
  }

  /// Every link in this text, also inside emphasis.
  package var links: [(destination: String, line: Int)] {
    flatMap { inline -> [(destination: String, line: Int)] in
      switch inline {
      case .link(let destination, let content, let line):
        [(destination, line)] + content.links
      case .emphasis(let content), .strong(let content): content.links
      default: []
      }
    }
  }
}
