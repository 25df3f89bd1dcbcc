import Fences
import Kernel
import Machine
import Reservations
import SyncObjects

/// Somebody who looks at everybody's fences all the time, as `bufinfo` in debugfs does, and keeps a
/// file of the video's for longer than it should.
struct Monitor: Sendable {
  struct State: ~Copyable {
    // Owned by the thread, then by whoever has joined it.
    let kept = Cell<SyncFile?>(nil)
  }

  private let state: Object<State>
  private let thread: KernelThread

  static func open(_ world: World) -> Monitor {
    let state = Machine.allocate(State())
    let buffers = (world.implicitGame.buffers + world.video.buffers).map { $0.get() }
    let thread = KernelThread.start("monitor", cpu: CPU.compositor) {
      // A run that is stuck must end, too.
      for turn in 1...2 * Limits.refreshCountMax(frames: world.options.frames) {
        if world.areClientsDone { break }
        Machine.delay(nanoseconds: Limits.monitorNanoseconds)
        describe(buffers)
        look(world, state, mayExchange: turn % 8 == 0)
      }
      for buffer in buffers { buffer.put() }
    }
    return Monitor(state: state, thread: thread)
  }

  /// A line for each fence of each buffer, names included.
  private static func describe(_ buffers: [Buffer]) {
    for buffer in buffers {
      // Without context and uninterruptible, the lock cannot be refused.
      _ = try? buffer.reservation.withLock { buffer.reservation.describe() }
    }
  }

  /// Asks the fence that it keeps how it ended, and now and then takes another one.
  private static func look(_ world: World, _ state: Object<State>, mayExchange: Bool) {
    if let kept = state.record.kept.value { _ = kept.fence.status() }
    guard mayExchange, let newer = world.video.newestFile() else { return }
    state.record.kept.value?.put()
    state.record.kept.value = newer
  }

  /// Ends it.
  ///
  /// - Returns: The file that it still has, with its reference.
  func close() -> SyncFile? {
    thread.join()
    let kept = state.record.kept.value
    Machine.free(state)
    return kept
  }
}
