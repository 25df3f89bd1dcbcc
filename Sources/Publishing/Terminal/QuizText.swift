/// A quiz of a lesson as text, for those who ask it and wait for an answer.
package struct QuizText: Sendable {
  /// An answer and what is said to whoever gives it.
  package struct Option: Sendable {
    package let text: String
    package let feedback: String
    package let isRight: Bool
  }

  /// The lesson's and the quiz's own identifier, with a slash between.
  package let id: String
  /// Whether answering it means predicting a run.
  package let isPrediction: Bool
  /// What the item asks the reader to do.
  package let kind: String
  /// Wrapped for the terminal.
  package let question: String
  package let options: [Option]

  /// The quizzes of a lesson, in order: the same that its page shows.
  package static func all(
    in lesson: Lesson, style: TerminalStyle, width: Int = 80
  ) -> [QuizText] {
    lesson.blocks.flattened.compactMap { block in
      guard case .quiz(let quiz) = block.kind else { return nil }
      var renderer = TerminalRenderer(style: style, width: width)
      renderer.render(quiz.question)
      return QuizText(
        id: "\(lesson.id)/\(quiz.id)", isPrediction: quiz.kind == .trace, kind: quiz.kind.label,
        question: renderer.lines.joined(separator: "\n"),
        options: quiz.options.map {
          Option(
            text: $0.text.plainText, feedback: $0.feedback.plainText, isRight: $0.isRight)
        })
    }
  }
}
