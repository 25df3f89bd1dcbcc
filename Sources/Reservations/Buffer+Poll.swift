internal import Fences
public import Kernel
internal import Machine

/// What a buffer can be polled for.
@frozen public struct BufferEvents: OptionSet, Sendable {
  /// The kernel's number.
  public let rawValue: UInt32

  /// Makes a set of its number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The content may be read: no write is pending (`EPOLLIN`).
  public static let mayRead = BufferEvents(rawValue: 1)
  /// The content may be written: no write and no read is pending (`EPOLLOUT`).
  public static let mayWrite = BufferEvents(rawValue: 4)
}

extension Buffer {
  /// Which of the events are true now, without waiting (`dma_buf_poll`).
  ///
  /// For each that is not, one of its fences will wake ``waitUntilReady(_:timeout:)`` when it is
  /// signaled; then poll again, because others may be pending. What is in bookkeeping use is never
  /// waited for. While an earlier poll still waits, the event is only said not to be true.
  public func poll(_ events: BufferEvents) -> BufferEvents {
    // Without context and uninterruptible, the lock cannot be refused.
    _ = try? reservation.lock()
    defer { reservation.unlock() }
    var ready: BufferEvents = []
    if events.contains(.mayWrite), isReady(.mayWrite, upTo: .waitedFor(byWriter: true)) {
      ready.insert(.mayWrite)
    }
    if events.contains(.mayRead), isReady(.mayRead, upTo: .waitedFor(byWriter: false)) {
      ready.insert(.mayRead)
    }
    return ready
  }

  /// Sleeps until one of the events may be true (`poll`).
  ///
  /// - Returns: Those that are; none where the time ran out.
  /// - Throws: `interrupted` where a signal is pending.
  public func waitUntilReady(
    _ events: BufferEvents, timeout: Jiffies = .max
  ) throws(Errno) -> BufferEvents {
    let waiting = BufferStorage.waiting.field(of: storage)
    var left = timeout
    while true {
      let seen = waiting.record.wakeCount
      let ready = poll(events)
      if !ready.isEmpty || left == .zero { return ready }
      do throws(Errno) {
        left = try waiting.record.queue.wait(interruptible: true, timeout: left) {
          waiting.record.wakeCount != seen
        }
      } catch {
        throw .interrupted
      }
    }
  }

  private func isReady(_ event: BufferEvents, upTo usage: ReservationUsage) -> Bool {
    let waiting = BufferStorage.waiting.field(of: storage)
    guard waiting.record.begin(event) else { return false }
    let callback = BufferWaiting.callback(event, of: waiting)
    // The callback's reference to the buffer, and below to the fence.
    get()
    for (fence, _) in reservation.lockedFences(upTo: usage) {
      fence.get()
      do throws(Errno) {
        try fence.addCallback(
          BufferPollCallback.callback.field(of: callback), BufferPollCallback.function)
        return false
      } catch {
        fence.put()
      }
    }
    waiting.record.finish(event)
    putLater()
    return true
  }
}

/// Who waits for a buffer, and the two callbacks that wake them.
struct BufferWaiting: ~Copyable {
  // First, so that its address is the record's.
  private let wakes = Word<UInt32>(0)
  let queue = WaitQueue()
  private let lock = SpinLock()
  // Guarded by lock: the events whose callback is on a fence.
  private let active = Cell<UInt32>(0)
  private let read = BufferPollCallback(.mayRead)
  private let write = BufferPollCallback(.mayWrite)

  private static let read = FieldOffset<BufferWaiting, BufferPollCallback> { $0.read.address }
  private static let write = FieldOffset<BufferWaiting, BufferPollCallback> { $0.write.address }

  func initialise() {
    queue.initialise(class: "poll queue")
    lock.initialise(class: "poll")
  }

  var address: UInt { wakes.address }

  /// How often somebody was woken.
  var wakeCount: UInt32 {
    // relaxed: whoever is about to sleep asks again behind the queue's lock.
    wakes.load(.relaxed)
  }

  static func callback(
    _ event: BufferEvents, of waiting: Object<BufferWaiting>
  ) -> Object<BufferPollCallback> {
    (event == .mayRead ? read : write).field(of: waiting)
  }

  /// Claims the event's callback; false where it is on a fence already.
  func begin(_ event: BufferEvents) -> Bool {
    lock.withLockIRQSave {
      if active.value & event.rawValue != 0 { return false }
      active.value |= event.rawValue
      return true
    }
  }

  /// Gives the event's callback free and wakes everybody.
  func finish(_ event: BufferEvents) {
    lock.withLockIRQSave { active.value &= ~event.rawValue }
    // relaxed: the queue's lock orders.
    _ = wakes.fetchAdd(1, .relaxed)
    queue.wakeAll()
  }
}

/// A callback that says that one fence of a polled buffer is over.
struct BufferPollCallback: ~Copyable {
  let callback = FenceCallback()
  private let event: Cell<UInt32>

  init(_ event: BufferEvents) { self.event = Cell(event.rawValue) }

  var address: UInt { callback.address }

  static let callback = FieldOffset<BufferPollCallback, FenceCallback> { $0.callback.address }

  static let function = FenceCallback.Function { fence, callback in
    let record = BufferPollCallback.callback.record(around: callback)
    let event = BufferEvents(rawValue: record.record.event.value)
    let buffer = BufferWaiting.buffer(of: record, event)
    BufferStorage.waiting.field(of: buffer.storage).record.finish(event)
    fence.put()
    buffer.putLater()
  }
}

extension BufferWaiting {
  static func buffer(of callback: Object<BufferPollCallback>, _ event: BufferEvents) -> Buffer {
    let waiting = (event == .mayRead ? read : write).record(around: callback)
    return Buffer(BufferStorage.waiting.record(around: waiting))
  }
}
