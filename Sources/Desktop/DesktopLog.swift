public import Kernel
internal import Timeline

/// Who draws, decodes or computes.
public enum DesktopClient: String, Sendable, CaseIterable, Codable {
  /// Puts everybody's frames together and shows them.
  case compositor
  /// A game that says with points of timelines what is ready and what is free.
  case explicitGame = "game A"
  /// A game that leaves it to the buffers' reservations.
  case implicitGame = "game B"
  /// A decoder on the second device, which hands its frames over as sync files.
  case video
  /// A job on an engine of its own that reads the decoder's frames.
  case compute

  /// How it synchronises.
  public var synchronisation: String {
    switch self {
    case .compositor: "both"
    case .explicitGame: "timelines"
    case .implicitGame: "implicit"
    case .video, .compute: "sync files"
    }
  }

  /// How long its frames may take.
  var budgetNanoseconds: UInt64 {
    switch self {
    case .compositor, .explicitGame, .implicitGame: Limits.refreshNanoseconds
    case .video: Limits.videoNanoseconds
    case .compute: Limits.computeNanoseconds
    }
  }
}

/// One frame, or one piece of work, from the moment in which its client began it.
public struct DesktopFrame: Sendable, Hashable {
  /// Whose it is.
  public let client: DesktopClient
  /// Counted from 1.
  public let number: Int
  /// When the client began, in virtual nanoseconds.
  public let begin: UInt64
  /// When its fence was signaled.
  public let end: UInt64
  /// The error that the fence had.
  public let error: Errno?
  /// Whether it came later than it should have.
  public let isLate: Bool
}

// Safety: all threads of a simulated run are coroutines of one OS thread, and no call here
// switches between them.
/// What the clients note while they run; it belongs to the experiment, not to the machine.
final class DesktopLog: @unchecked Sendable {
  private(set) var frames: [DesktopFrame] = []
  private(set) var fencesPublished = 0
  private(set) var fencesSignaled = 0
  private(set) var buffersMade = 0
  private(set) var buffersFreed = 0
  private let progress: @Sendable (Int) -> Void
  /// Where frames are drawn; nil where nothing is.
  var recorder: TimelineRecorder?

  init(_ progress: @escaping @Sendable (Int) -> Void) { self.progress = progress }

  func noteFence() { fencesPublished += 1 }

  func noteSignal() { fencesSignaled += 1 }

  /// A number for the memory of a new buffer.
  func noteBuffer() -> UInt64 {
    buffersMade += 1
    return UInt64(buffersMade)
  }

  func noteFreedBuffer() { buffersFreed += 1 }

  func add(
    _ client: DesktopClient, _ number: Int, from begin: UInt64, to end: UInt64, _ error: Errno?,
    isLate: Bool? = nil
  ) {
    frames.append(
      DesktopFrame(
        client: client, number: number, begin: begin, end: end, error: error,
        isLate: isLate ?? (end - begin > client.budgetNanoseconds)))
    if client == .compositor { progress(number) }
  }
}

// MARK: - Drawing

/// A frame that is being drawn: its fence, from the client's beginning to the signal.
struct DrawnFrame {
  let span: Timeline.Event.ID
  let cpu: Int
}

extension DesktopLog {
  /// Begins to draw a frame that its client has just submitted, with an arrow from the submission.
  ///
  /// Frames that are under way at one time go to rows of their own.
  func draw(_ client: DesktopClient, _ number: Int, from begin: UInt64, cpu: Int) -> DrawnFrame? {
    guard let recorder else { return nil }
    let row = client == .compositor ? "screen" : "\(client.rawValue), fence \(number % 3)"
    let cause = recorder.latest(on: "cpu \(cpu)")
    let span = recorder.open("frame \(number)", on: row, at: begin, kind: .wait)
    if let cause { recorder.flow(from: cause, to: span, label: "submits") }
    return DrawnFrame(span: span, cpu: cpu)
  }

  /// Ends the drawing of a frame, with an arrow to whoever waited for it.
  func close(_ drawn: DrawnFrame?, at end: UInt64) {
    guard let recorder, let drawn else { return }
    recorder.close(drawn.span, at: end)
    if let woken = recorder.latest(on: "cpu \(drawn.cpu)") {
      recorder.flow(from: drawn.span, to: woken, label: "wakes")
    }
  }
}
