import Fences
import Machine

/// The frames whose fences a client has not seen signaled, oldest first, each with a reference.
///
/// Waiting for the oldest one is also what keeps a client from running ahead of its device.
struct FramesInFlight {
  private struct Frame {
    let number: Int
    let begin: UInt64
    let fence: Fence
    let drawn: DrawnFrame?
  }

  private let client: DesktopClient
  private let log: DesktopLog
  private let cpu: Int
  private var frames: [Frame] = []

  init(_ client: DesktopClient, _ log: DesktopLog, cpu: Int) {
    (self.client, self.log, self.cpu) = (client, log, cpu)
  }

  /// Adds a frame; the reference to its fence is taken over.
  mutating func add(_ fence: Fence, number: Int, begin: UInt64) {
    log.noteFence()
    let drawn = log.draw(client, number, from: begin, cpu: cpu)
    frames.append(Frame(number: number, begin: begin, fence: fence, drawn: drawn))
  }

  /// Waits until only so many are left.
  mutating func settle(downTo count: Int) {
    while frames.count > count {
      let frame = frames.removeFirst()
      let fence = frame.fence
      fence.wait()
      if fence.testSignaledFlag() { log.noteSignal() }
      let end = fence.timestamp()
      log.close(frame.drawn, at: end)
      log.add(client, frame.number, from: frame.begin, to: end, fence.error)
      fence.put()
    }
  }
}

/// Begins frames at regular times; who is late begins at once.
struct Pace {
  private let nanoseconds: UInt64
  private var next: UInt64 = 0

  init(every nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Sleeps until the next frame's time.
  ///
  /// - Returns: When it begins.
  mutating func wait() -> UInt64 {
    let now = Machine.clock()
    if now < next { Machine.delay(nanoseconds: next - now) }
    let begin = max(now, next)
    next = begin + nanoseconds
    return begin
  }
}
