internal import Synchronization

/// A value behind an ordinary lock, for what native code keeps beside the machine.
///
/// No conductor sees it, so nothing in it may decide what a machine program does, and it may not
/// be held across a machine event.
package final class Guarded<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  /// Guards a value.
  package init(_ value: Value) { mutex = Mutex(value) }

  /// Runs `body` while no other thread does.
  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    mutex.withLock { value in
      // Safety: the result is whatever the caller made of its own value; it leaves the lock whole.
      nonisolated(unsafe) let result = body(&value)
      return unsafe result
    }
  }
}
