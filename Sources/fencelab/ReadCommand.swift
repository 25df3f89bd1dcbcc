internal import ArgumentParser
internal import Authoring
internal import Grading
internal import Publishing

struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Read a lesson in the terminal.")

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, html, man }

  @Argument(help: "A lesson such as 06; without one, that of the next exercise.")
  var lesson: String?

  @Option(help: "How the lesson is printed.")
  var format = Format.text

  func run() throws {
    let workspace = try Workspace.current()
    let tree = SourceTree(root: workspace.root)
    let lesson = try LessonChoice(workspace, tree).lesson(lesson)
    switch format {
    case .text: Terminal.page(TerminalRenderer.render(lesson, style: Terminal.pageStyle))
    case .html: print(SitePreview.html(of: lesson, in: tree))
    case .man: print(ManRenderer.render(lesson), terminator: "")
    }
  }
}
