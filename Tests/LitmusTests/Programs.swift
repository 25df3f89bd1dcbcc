import Foundation
import Litmus

private let folder = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "Programs")

/// A test of the folder `Programs`.
func program(_ name: String) throws -> LitmusTest {
  let file = folder.appending(path: name + ".litmus")
  return try LitmusTest(parsing: String(contentsOf: file, encoding: .utf8))
}

func programNames() throws -> Set<String> {
  let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
  return Set(files.filter { $0.hasSuffix(".litmus") }.map { String($0.dropLast(7)) })
}

/// A test from its threads, which share integers that start at 0.
func litmus(
  _ threads: String..., initial: String = "", exists condition: String = "true",
  locations: String = "", parameters: String = "int *x, int *y, int *z, spinlock_t *s"
) throws -> LitmusTest {
  let bodies = threads.enumerated().map { "P\($0)(\(parameters))\n{ \($1) }\n" }.joined()
  return try LitmusTest(
    parsing: "C t\n{ \(initial) }\n\(bodies)\nlocations [\(locations)]\nexists (\(condition))\n")
}

/// The states of a test as text.
func states(_ test: LitmusTest, _ options: LitmusOptions = LitmusOptions()) throws -> [String] {
  try test.decide(options).states.map(\.text)
}
