/// How long everything takes: decided by the seed alone.
struct Workload: Sendable {
  /// Work of one kind, with what it takes on average and how far it strays.
  enum Task: UInt64 {
    case composing = 1, gameLogic, drawing, decoding, computing

    var microseconds: (mean: UInt64, spread: UInt64) {
      switch self {
      case .composing: (1_300, 300)
      case .gameLogic: (2_500, 1_500)
      case .drawing: (4_500, 1_800)
      case .decoding: (9_000, 5_000)
      case .computing: (13_000, 6_000)
      }
    }
  }

  let seed: UInt64

  func nanoseconds(_ task: Task, _ client: DesktopClient, frame: Int) -> UInt32 {
    let (mean, spread) = task.microseconds
    let who = UInt64(DesktopClient.allCases.firstIndex(of: client) ?? 0)
    let number = Self.mixed(seed ^ Self.mixed(UInt64(frame) << 8 ^ task.rawValue << 4 ^ who))
    return UInt32((mean - spread) * 1_000 + number % (2 * spread * 1_000))
  }

  /// Whether the video's data of a frame is broken, so that its decoding fails.
  func isBroken(frame: Int) -> Bool {
    frame > 1 && Self.mixed(seed &* 31 ^ UInt64(frame)) % 24 == 0
  }

  /// Spreads a number over all 64 bits (the finaliser of SplitMix64).
  private static func mixed(_ number: UInt64) -> UInt64 {
    var bits = number &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
