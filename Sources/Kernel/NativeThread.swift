internal import Glibc
internal import Machine

/// An OS thread that nobody joins.
enum NativeThread {
  static func detach(name: String, _ body: @escaping @Sendable () -> Void) {
    // Safety: the entry point takes the box's reference over.
    let box = unsafe Unmanaged.passRetained(Body(inherited: Machine.inheritedWord, run: body))
    var thread = pthread_t()
    let failure = unsafe pthread_create(&thread, nil, nativeThreadEntry, box.toOpaque())
    precondition(failure == 0, "the system has no thread for \(name)")
    pthread_detach(thread)
  }

  fileprivate final class Body: Sendable {
    let inherited: UInt64
    let run: @Sendable () -> Void

    init(inherited: UInt64, run: @escaping @Sendable () -> Void) {
      self.inherited = inherited
      self.run = run
    }
  }
}

private func nativeThreadEntry(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  // Safety: `detach` retained the box for this thread alone.
  guard let argument = unsafe argument else { preconditionFailure("a thread without a body") }
  let body = unsafe Unmanaged<NativeThread.Body>.fromOpaque(argument).takeRetainedValue()
  Machine.inheritedWord = body.inherited
  body.run()
  if Machine.hasNativeTask {
    KernelTaskPool.retire(KernelTask.current)
    Machine.setNativeTask(Object<KernelTaskStorage>?.none)
  }
  return nil
}
