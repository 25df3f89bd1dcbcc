internal import CMachine

/// A thread of control with a stack of its own, switched by hand.
///
/// All run on one OS thread.
///
/// A conductor keeps a few alive and hands them one body after another, because making a stack
/// costs a thousand switches.
///
/// - Progress: A switch takes about ten nanoseconds; it neither blocks nor allocates.
@safe public final class Coroutine {
  // Safety: made in `init`, valid until `deinit`, and used by the one OS thread that owns it.
  private let handle: OpaquePointer
  private let ownsStack: Bool
  /// What the coroutine does when it is switched to for the first time after `begin`.
  fileprivate var body: (() -> Void)?
  /// Where the coroutine goes when its body has ended.
  ///
  /// Unowned: the conductor owns both.
  fileprivate var whenDone: (() -> Coroutine)?

  /// The coroutine that stands for the calling OS thread's own stack.
  public init() {
    guard let handle = unsafe fl_coroutine_for_thread() else {
      preconditionFailure("no memory for a coroutine")
    }
    unsafe self.handle = unsafe handle
    ownsStack = false
  }

  /// A coroutine with its own stack and a guard page below it.
  public init(stackBytes: Int) {
    var made: OpaquePointer?
    let box = CoroutineBox()
    unsafe made = fl_coroutine_create(
      stackBytes, coroutineEntry, Unmanaged.passRetained(box).toOpaque())
    guard let handle = unsafe made else {
      preconditionFailure("no memory for a coroutine of \(stackBytes) bytes")
    }
    unsafe self.handle = unsafe handle
    ownsStack = true
    box.coroutine = self
  }

  deinit {
    unsafe fl_coroutine_destroy(handle)
  }

  /// Sets what runs at the next switch to this coroutine, and where it goes at its end.
  public func begin(_ body: @escaping () -> Void, thenSwitchTo next: @escaping () -> Coroutine) {
    self.body = body
    whenDone = next
  }

  /// Forgets whatever the coroutine was doing; nothing on its stack is cleaned up.
  public func abandon() {
    body = nil
    unsafe fl_coroutine_reset(handle)
  }

  /// Leaves this coroutine, which is the running one, and continues another.
  @inline(__always)
  public func switchTo(_ other: Coroutine) {
    unsafe fl_coroutine_switch(handle, other.handle)
  }
}

/// Leads from C's `void *` back to the coroutine.
private final class CoroutineBox {
  unowned var coroutine: Coroutine?
}

/// One turn of a coroutine's life: runs a body, then goes where it was told.
private func coroutineEntry(_ argument: UnsafeMutableRawPointer?) {
  guard let argument = unsafe argument else { preconditionFailure("a coroutine without a box") }
  // Safety: the box was retained when the coroutine was made and lives as long.
  let box = unsafe Unmanaged<CoroutineBox>.fromOpaque(argument).takeUnretainedValue()
  guard let coroutine = box.coroutine else { preconditionFailure("a coroutine that is gone") }
  coroutine.body?()
  coroutine.body = nil
  guard let next = coroutine.whenDone?() else {
    preconditionFailure("a coroutine without a place to go")
  }
  coroutine.switchTo(next)
}
