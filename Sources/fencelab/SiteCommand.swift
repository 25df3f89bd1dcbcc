internal import ArgumentParser
internal import Authoring
internal import Grading
internal import Publishing

struct SiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site", abstract: "Work on the static site.", subcommands: [Build.self])

  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "build", abstract: "Build the site; it also works from file://.")

    @Option(help: "The folder, replaced whole.", completion: .directory)
    var output = "site"

    @Flag(help: "Build again whenever a source changes; open pages reload.")
    var watch = false

    @Option(
      help: ArgumentHelp(
        "Where the site will be published.",
        discussion: "Link previews and the page for what is not found need it.",
        valueName: "url"))
    var url: String?

    func run() throws {
      let workspace = try Workspace.current()
      let folder = output.hasPrefix("/") ? output : "\(workspace.root)/\(output)"
      let builder = SiteBuilder(
        tree: SourceTree(root: workspace.root), woven: KitRuns(workspace), reloads: watch,
        address: url)
      if !watch { return try build(builder, folder) }
      let watcher = FolderWatcher(
        ["Lessons", "Exercises", "Documentation", "Sources"].map { "\(workspace.root)/\($0)" })
      while true {
        do { try build(builder, folder) } catch { Terminal.writeError("\(error)\n") }
        watcher.waitForChange()
      }
    }

    private func build(_ builder: SiteBuilder, _ folder: String) throws {
      let report = try builder.build(into: folder)
      Terminal.write("\(report.pageCount) pages: file://\(folder)/index.html\n")
    }
  }
}
