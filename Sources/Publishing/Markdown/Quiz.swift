/// A question with options, each of which answers back.
package struct Quiz: Sendable {
  /// What the item asks the reader to do.
  package enum Kind: String, Sendable, CaseIterable {
    case recall, trace, why
  }

  /// One answer a reader may give.
  package struct Option: Sendable {
    package let text: [Inline]
    package let feedback: [Inline]
    package let isRight: Bool

    /// Where the option begins in the file.
    package let line: Int
  }

  package let id: String
  package let kind: Kind
  package let question: [Block]
  package let options: [Option]
}
