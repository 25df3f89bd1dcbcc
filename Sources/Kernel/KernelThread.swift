public import Machine

/// A thread of the kernel's own (`kthread`): native, or virtual where the run is conducted.
///
/// It is joined exactly once.
@frozen public struct KernelThread: Sendable {
  @usableFromInline let end: Object<Word<UInt32>>

  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - name: Its name in reports.
  ///   - cpu: The virtual CPU it runs on. Native threads run where the system puts them.
  public static func start(
    _ name: String, cpu: Int = 0, _ body: @escaping @Sendable () -> Void
  ) -> KernelThread {
    let end = Machine.allocate(Word<UInt32>(0))
    let whole: @Sendable () -> Void = {
      body()
      // The read section keeps the word alive until the wake-up is done with it; see join().
      RCU.withReadLock {
        // release[thread.end] → acquire in KernelThread.join(). What the thread did is visible.
        end.record.store(1, .release, edge: "thread.end")
        Machine.wake(end.record)
      }
    }
    let spawn = Spawn(name: name, cpu: cpu, context: .task, body: whole)
    if Conductor.perform(.spawn(spawn)) == nil { NativeThread.detach(name: name, whole) }
    return KernelThread(end: end)
  }

  /// Waits until the thread has ended, and forgets it.
  public func join() {
    // acquire[thread.end] ← release in KernelThread.start(_:cpu:_:). As said there.
    while end.record.load(.acquire, edge: "thread.end") == 0 {
      _ = Machine.park(on: end.record, while: 0)
    }
    RCU.free(end)
  }
}
