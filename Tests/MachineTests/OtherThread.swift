import Foundation

/// A thread that a test waits for.
final class OtherThread: Sendable {
  private let end = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Void) {
    let end = end
    let thread = Thread {
      body()
      end.signal()
    }
    thread.start()
  }

  func join() { end.wait() }
}
