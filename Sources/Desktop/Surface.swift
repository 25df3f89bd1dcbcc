import Fences
import Kernel
import Machine
import Reservations
import SyncObjects

/// A client's window: the buffers it shares with the compositor, and what it has said about them.
///
/// Each buffer has a reference of the client's and one of the compositor's.
struct Surface: Sendable {
  struct State: ~Copyable {
    let lock = SpinLock()
    // Guarded by lock: the frame that was handed over last, 0 for none.
    let newest = Cell<Int>(0)
    // Guarded by lock: its fence as a file, where the client hands files over.
    let file = Cell<SyncFile?>(nil)
  }

  let buffers: [Buffer]
  private let state: Object<State>

  static func make(bufferCount: Int, _ makeBuffer: () -> Buffer) -> Surface {
    let state = Machine.allocate(State())
    state.record.lock.initialise(class: "surface")
    return Surface(buffers: (0..<bufferCount).map { _ in makeBuffer().get() }, state: state)
  }

  func buffer(of frame: Int) -> Buffer { buffers[frame % buffers.count] }

  /// Hands a frame over.
  ///
  /// - Parameter file: Its reference is taken over.
  func post(_ frame: Int, _ file: SyncFile? = nil) {
    let old = state.record.lock.withLockIRQSave {
      let old = state.record.file.value
      state.record.newest.value = frame
      state.record.file.value = file
      return old
    }
    old?.put()
  }

  /// The frame that was handed over last; 0 where none was.
  var newest: Int { state.record.lock.withLockIRQSave { state.record.newest.value } }

  /// The file that came with the newest frame, with a reference.
  func newestFile() -> SyncFile? {
    state.record.lock.withLockIRQSave { state.record.file.value?.get() }
  }

  /// Gives one side's references back: the client's, or the compositor's.
  ///
  /// Devices may still work on the buffers.
  func putBuffers() { for buffer in buffers { buffer.put() } }

  /// Ends the window, after both sides.
  func free() {
    post(0)
    Machine.free(state)
  }
}

/// The two timelines of a window whose client synchronises explicitly.
struct SurfaceTimelines: Sendable {
  /// Point n: frame n is drawn.
  let acquire: SyncObject
  /// Point n: nobody reads frame n, or an earlier one, any more.
  let release: SyncObject

  static func make() -> SurfaceTimelines {
    guard let acquire = SyncObject.make(), let release = SyncObject.make() else {
      preconditionFailure("a simulated machine has memory")
    }
    return SurfaceTimelines(acquire: acquire, release: release)
  }

  /// Adds a point; the object takes a reference of its own to the fence.
  static func add(_ point: Int, _ fence: Fence, to timeline: SyncObject) {
    guard let chain = FenceChain.allocate() else {
      preconditionFailure("a simulated machine has memory")
    }
    timeline.addPoint(UInt64(point), fence, in: chain)
  }

  func put() {
    acquire.put()
    release.put()
  }
}
