// Times the designs of one debate, each alternately with the debate's first, and prints the ratios
// as a record that `fencelab compare` reads. Prints no time.
//
//   DesignBenchmarks DEBATE

internal import Foundation

#if Designs
  let debates = [Contest.whoseLock, .operationsUnderRCU, .theSignaledBit, .lines, .signalWithError]
  let name = CommandLine.arguments.dropFirst().first ?? ""
  guard let contest = debates.first(where: { $0.debate == name }) else {
    FileHandle.standardError.write(
      Data("DesignBenchmarks \(debates.map(\.debate).joined(separator: " | "))\n".utf8))
    exit(64)
  }
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
  print(String(decoding: try encoder.encode(contest.timed()), as: UTF8.self))
#else
  FileHandle.standardError.write(
    Data("Build with --traits Bare,Designs: other builds have one design.\n".utf8))
  exit(64)
#endif
