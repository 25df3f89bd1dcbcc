import Foundation
import Grading
import Testing

/// A language server, spoken to as an editor does.
private final class LanguageServer {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var bytes = Data()

  init(root: String) throws {
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sourcekit-lsp"]
    process.currentDirectoryURL = URL(filePath: root)
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    try send(
      "initialize", id: 1,
      ["processId": NSNull(), "rootUri": "file://\(root)", "capabilities": [String: Any]()])
    _ = try receive { $0["id"] as? Int == 1 }
    try send("initialized", [:])
  }

  deinit { process.terminate() }

  func send(_ method: String, id: Int? = nil, _ parameters: [String: Any]) throws {
    var message: [String: Any] = ["jsonrpc": "2.0", "method": method, "params": parameters]
    if let id { message["id"] = id }
    try send(message)
  }

  private func send(_ message: [String: Any]) throws {
    let body = try JSONSerialization.data(withJSONObject: message)
    let head = Data("Content-Length: \(body.count)\r\n\r\n".utf8)
    try input.fileHandleForWriting.write(contentsOf: head + body)
  }

  /// The first message that is wanted; questions of the server are answered on the way.
  func receive(_ isWanted: ([String: Any]) -> Bool) throws -> [String: Any] {
    while true {
      let message = try receive()
      if isWanted(message) { return message }
      if let id = message["id"], message["method"] != nil {
        try send(["jsonrpc": "2.0", "id": id, "result": NSNull()])
      }
    }
  }

  private func receive() throws -> [String: Any] {
    while true {
      if let head = bytes.firstRange(of: Data("\r\n\r\n".utf8)) {
        let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
        let length = try #require(
          lines.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
            .flatMap { Int($0.dropFirst("Content-Length: ".count)) })
        if bytes.distance(from: head.upperBound, to: bytes.endIndex) >= length {
          let body = bytes[head.upperBound..<(head.upperBound + length)]
          let message = try JSONSerialization.jsonObject(with: body) as? [String: Any]
          bytes = Data(bytes[(head.upperBound + length)...])
          return try #require(message)
        }
      }
      let chunk = output.fileHandleForReading.availableData
      try #require(!chunk.isEmpty, "the language server has ended")
      bytes += chunk
    }
  }
}

struct EditorTests {
  /// Whether this toolchain has a language server at all.
  static let hasServer =
    ProcessInfo.processInfo.environment["PATH"]?
    .split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/sourcekit-lsp") } == true

  @Test(.enabled(if: hasServer, "there is no sourcekit-lsp on the path"))
  func `an editor completes and complains in an exercise file`() throws {
    let checkout = try Checkout()
    try CompileCommands(checkout.course).write()
    try ExerciseGrader(checkout.workspace).warmUp(checkout.course)
    let server = try LanguageServer(root: checkout.workspace.exercisesFolder)
    let file = try checkout.handOver().file
    let added = ["func mine(_ box: Object<Box>) {", "  let n: Int = \"t\"", "  box.record.", "}"]
    let text = try String(contentsOfFile: file, encoding: .utf8) + added.joined(separator: "\n")
    let document = ["uri": "file://\(file)"]
    try server.send(
      "textDocument/didOpen",
      [
        "textDocument": [
          "uri": "file://\(file)", "languageId": "swift", "version": 1, "text": text,
        ]
      ])

    let published = try server.receive { message in
      let parameters = message["params"] as? [String: Any]
      return message["method"] as? String == "textDocument/publishDiagnostics"
        && (parameters?["diagnostics"] as? [Any])?.isEmpty == false
    }
    let parameters = try #require(published["params"] as? [String: Any])
    let diagnostics = try #require(parameters["diagnostics"] as? [[String: Any]])
    let messages = diagnostics.compactMap { $0["message"] as? String }
    #expect(messages.contains { $0.contains("Cannot convert value of type 'String'") })
    // The kit is known: nothing complains about the import or about its names.
    #expect(!messages.contains { $0.contains("module") || $0.contains("in scope") }, "\(messages)")

    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0 == "  box.record." })
    try server.send(
      "textDocument/completion", id: 2,
      ["textDocument": document, "position": ["line": line, "character": 13]])
    let answer = try server.receive { $0["id"] as? Int == 2 && $0["method"] == nil }
    let items = (answer["result"] as? [String: Any])?["items"] as? [[String: Any]]
    let labels = try #require(items).compactMap { $0["label"] as? String }
    #expect(labels.contains("isDone") && labels.contains("content"), "\(labels)")
  }
}
