/// A question that a reader answers before anything is shown.
public struct QuizItem: Sendable {
  /// One answer.
  public struct Option: Sendable {
    let text: String
    let feedback: String
    let isRight: Bool

    /// An answer and what is said about it.
    public init(text: String, feedback: String, isRight: Bool) {
      self.text = text
      self.feedback = feedback
      self.isRight = isRight
    }
  }

  let id: String
  let kind: String
  let question: String
  let options: [Option]

  /// A question under a name that progress remembers.
  public init(id: String, kind: String, question: String, options: [Option]) {
    self.id = id
    self.kind = kind
    self.question = question
    self.options = options
  }
}

/// Asks questions, notes the first guess, and says about every answer why it is right or wrong.
public struct QuizSession {
  private let items: [QuizItem]
  private let workspace: Workspace
  private let style: ReportStyle
  private let write: (String) -> Void

  /// Prepares to ask.
  public init(
    _ items: [QuizItem], _ workspace: Workspace, style: ReportStyle,
    write: @escaping (String) -> Void
  ) {
    self.items = items
    self.workspace = workspace
    self.style = style
    self.write = write
  }

  /// Those that were never answered.
  public static func unanswered(
    _ items: [QuizItem], in workspace: Workspace
  ) throws(GradingError) -> [QuizItem] {
    let progress = try Progress(workspace)
    return items.filter { progress[guess: $0.id] == nil }
  }

  /// Asks them all.
  ///
  /// - Parameter answer: The next letter that was typed; nil when nothing more comes.
  /// - Returns: false if somebody left before the end.
  @discardableResult
  public func run(answer: () -> Character?) throws(GradingError) -> Bool {
    var right = 0
    var unknown = 0
    for (index, item) in items.enumerated() {
      write("\(style.bold("Question \(index + 1) of \(items.count) · \(item.kind)"))\n\n")
      write(text(item))
      guard let choice = choose(item, answer) else {
        write("\nNot answered: `fencelab quiz` asks again.\n")
        return false
      }
      let isRight = item.options.indices.contains(choice) && item.options[choice].isRight
      if isRight { right += 1 }
      if choice == item.options.count { unknown += 1 }
      try note(item, choice, isRight: isRight)
      write(feedback(item, choice, isRight: isRight))
    }
    let words = unknown == 0 ? "" : ", \(unknown) left open"
    write("\(right) of \(items.count) right\(words). Your first guesses are kept.\n")
    return true
  }

  /// - Returns: The option; one behind the last for "I don't know"; nil if nothing more comes.
  private func choose(_ item: QuizItem, _ answer: () -> Character?) -> Int? {
    let letters = Self.letters(item.options.count + 1)
    write(style.dim("your answer (\(letters.joined(separator: ", ")), q to leave): "))
    while let key = answer() {
      if key == "q" { return nil }
      guard let choice = letters.firstIndex(of: key.lowercased()) else { continue }
      write("\(letters[choice])\n\n")
      return choice
    }
    return nil
  }

  /// Only the first guess counts: a second one has read the answer.
  private func note(_ item: QuizItem, _ choice: Int, isRight: Bool) throws(GradingError) {
    let option = item.options.indices.contains(choice) ? choice : nil
    try Progress.update(workspace) { progress in
      guard progress[guess: item.id] == nil else { return }
      progress[guess: item.id] = Progress.Guess(option: option, isRight: isRight)
    }
  }

  private func text(_ item: QuizItem) -> String {
    let texts = item.options.map(\.text) + ["I don't know."]
    let options = zip(Self.letters(texts.count), texts).flatMap { letter, text in
      hanging("  \(letter)) ", text)
    }
    return ([item.question, ""] + options + [""]).joined(separator: "\n") + "\n"
  }

  private func feedback(_ item: QuizItem, _ choice: Int, isRight: Bool) -> String {
    var lines = [isRight ? style.good("Right.") : style.bad("Not quite.")]
    if choice == item.options.count { lines = [style.bold("Good to know what one does not know.")] }
    for (index, option) in item.options.enumerated() {
      let sign = option.isRight ? "✓" : "✗"
      let mark = index == choice ? ">" : " "
      lines += hanging("\(mark) \(sign) \(Self.letters(index + 1)[index])) ", option.feedback)
    }
    return (lines + ["", ""]).joined(separator: "\n")
  }

  private func hanging(_ label: String, _ text: String) -> [String] {
    let lines = WatchPage.wrapped(text, to: max(20, style.columns - label.count))
    let indent = String(repeating: " ", count: label.count)
    return lines.enumerated().map { ($0 == 0 ? label : indent) + $1 }
  }

  private static func letters(_ count: Int) -> [String] {
    "abcdefghijklmnop".prefix(count).map(String.init)
  }
}
