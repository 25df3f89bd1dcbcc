internal import Glibc

/// A value behind an ordinary lock, for what native code keeps beside the machine.
///
/// No conductor sees it, so nothing in it may decide what a machine program does, and it may not
/// be held across a machine event. The lock is the system's and not the standard library's, because
/// the thread sanitizer knows that one.
@safe package final class Guarded<Value: Sendable>: Sendable {
  // Safety: both memories belong to this object from its beginning to its end, and the value is
  // touched with the lock held only.
  private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private nonisolated(unsafe) let value: UnsafeMutablePointer<Value>

  /// Guards a value.
  package init(_ value: Value) {
    // Safety: see the properties.
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe self.value = .allocate(capacity: 1)
    unsafe self.value.initialize(to: value)
  }

  deinit {
    // Safety: nobody has a reference any more.
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// Runs `body` while no other thread does.
  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    // Safety: see the properties.
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return unsafe body(&value.pointee)
  }
}
