internal import FoundationEssentials
internal import Grading
internal import ScenarioKit

/// How far a search came, kept in a file that is whole at every moment.
struct CheckpointFile {
  private struct Content: Codable {
    var version = 1
    let program: String
    let checkpoint: Checkpoint
  }

  private let path: String
  private let program: String

  init(_ path: String, of program: String) {
    self.path = path
    self.program = program
  }

  /// - Returns: nil where there is no such file yet.
  func read() throws(GradingError) -> Checkpoint? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    guard let content = try? JSONDecoder().decode(Content.self, from: data), content.version == 1
    else {
      throw GradingError(
        "\(path) is no checkpoint.", repair: "Name another file, or remove this one.")
    }
    guard content.program == program else {
      throw GradingError(
        "\(path) was made from another program: the file or the kit has changed since.",
        repair: "Remove it to start anew.")
    }
    return content.checkpoint
  }

  func write(_ checkpoint: Checkpoint) throws(GradingError) {
    do {
      let data = try JSONEncoder().encode(Content(program: program, checkpoint: checkpoint))
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw GradingError("Cannot write \(path).", repair: "Name a file in a folder of yours.")
    }
  }

  /// Nothing is left to go on with.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
