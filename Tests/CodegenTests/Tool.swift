import Foundation

/// Runs the programs of the toolchain.
enum Tool {
  struct Failure: Error, CustomStringConvertible {
    let command: String
    let output: String
    var description: String { "\(command) failed:\n\(output)" }
  }

  /// Runs a program of the search path and returns what it printed.
  @discardableResult static func run(_ name: String, _ arguments: [String], in folder: URL? = nil)
    throws -> String
  {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let output = String(decoding: data, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(command: "\(name) \(arguments.joined(separator: " "))", output: output)
    }
    return output
  }
}

/// Reads functions out of object files with binutils' objdump.
enum Disassembler {
  static let isInstalled = (try? Tool.run("objdump", ["--version"])) != nil

  static func functions(_ names: [String], in object: URL) throws -> [String: Disassembly] {
    var functions: [String: Disassembly] = [:]
    for name in names { functions[name] = try function(name, in: object) }
    return functions
  }

  private static func function(_ name: String, in object: URL) throws -> Disassembly {
    let output = try Tool.run(
      "objdump", ["-d", "--no-show-raw-insn", "--disassemble=\(name)", object.path])
    let lines = output.split(separator: "\n").map(String.init)
    guard let start = lines.firstIndex(where: { $0.hasSuffix("<\(name)>:") }) else {
      throw Tool.Failure(command: "objdump", output: "no function \(name) in \(output)")
    }
    let body = lines[(start + 1)...].prefix { $0.hasPrefix(" ") }
    return Disassembly(text: Array(body))
  }
}
