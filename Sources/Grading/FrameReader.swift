internal import ExerciseKit
internal import FoundationEssentials

/// Reads the child's frames and believes only what carries the nonce, in the right order.
struct FrameReader {
  /// Why a list of frames is not believed.
  struct Malformed: Error, Hashable { let reason: String }

  private(set) var explored: [Explored] = []
  private(set) var replayed: Replayed?
  /// Explorations the child came past, explored or not.
  private(set) var explorationCount = 0

  init(_ bytes: [UInt8], nonce: String) throws(Malformed) {
    var hasBegun = false
    var hasFinished = false
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let mark = Array("\(nonce) ".utf8)
      guard line.starts(with: mark) else { throw Malformed(reason: "a frame without its mark") }
      let json = Data(line.dropFirst(mark.count))
      guard let frame = try? JSONDecoder().decode(Frame.self, from: json) else {
        throw Malformed(reason: "a frame that cannot be read")
      }
      if hasFinished { throw Malformed(reason: "a frame after the last one") }
      switch frame {
      case .begun(let version):
        guard !hasBegun, version == Frame.version else {
          throw Malformed(reason: "a beginning that does not fit")
        }
        hasBegun = true
      case .explored(let result):
        guard hasBegun, result.index == explored.count + 1 else {
          throw Malformed(reason: "an exploration out of order")
        }
        explored.append(result)
      case .replayed(let result): replayed = result
      case .finished(let explorations, let skipped):
        guard replayed != nil || explorations == explored.count + skipped else {
          throw Malformed(reason: "an exploration is missing")
        }
        explorationCount = explorations
        hasFinished = true
      }
    }
    if !hasBegun { throw Malformed(reason: "the checks never began") }
    if !hasFinished { throw Malformed(reason: "the checks ended early") }
  }
}
