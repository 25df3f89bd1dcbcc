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
  fileprivate let handle: OpaquePointer
  /// What C's `void *` leads to; none where the stack is the OS thread's own.
  private let box: CoroutineBox?
  /// What the coroutine does when it is switched to for the first time after `begin`.
  fileprivate var body: (() -> Void)?
  /// Where the coroutine goes when its body has ended.
  ///
  /// The conductor owns both coroutines.
  fileprivate var whenDone: (() -> Coroutine)?

  /// The coroutine that stands for the calling OS thread's own stack.
  public init() {
    guard let handle = unsafe fl_coroutine_for_thread() else {
      preconditionFailure("no memory for a coroutine")
    }
    unsafe self.handle = unsafe handle
    box = nil
  }

  /// A coroutine with its own stack and a guard page below it.
  public init(stackBytes: Int) {
    var made: OpaquePointer?
    let box = CoroutineBox()
    unsafe made = fl_coroutine_create(
      stackBytes, coroutineEntry, Unmanaged.passUnretained(box).toOpaque())
    guard let handle = unsafe made else {
      preconditionFailure("no memory for a coroutine of \(stackBytes) bytes")
    }
    unsafe self.handle = unsafe handle
    self.box = box
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
    whenDone = nil
    unsafe fl_coroutine_reset(handle)
  }

  /// Gives the stack back at once, with everything on it; the coroutine never runs again.
  ///
  /// For a body that was left in the middle: what stands on its stack keeps the coroutine itself
  /// alive, so the stack would never go by itself.
  public func dropStack() {
    body = nil
    whenDone = nil
    unsafe fl_coroutine_drop_stack(handle)
  }

  /// Stacks that the calling OS thread has made and not given back, for tests.
  package static var stackCount: Int { Int(fl_coroutine_stack_count()) }

  /// Leaves this coroutine, which is the running one, and continues another.
  @inline(__always)
  public func switchTo(_ other: Coroutine) {
    // The other one's stack must not go while control is on its way there.
    withExtendedLifetime(other) { unsafe fl_coroutine_switch(handle, other.handle) }
  }
}

/// Leads from C's `void *` back to the coroutine.
private final class CoroutineBox {
  unowned var coroutine: Coroutine?
}

/// Where a new stack begins: one turn of the coroutine's life, and away.
///
/// This frame is never left, so nothing in it may own anything: a reference held here would keep
/// the coroutine, and with it this very stack, for ever.
private func coroutineEntry(_ argument: UnsafeMutableRawPointer?) {
  guard let argument = unsafe argument else { preconditionFailure("a coroutine without a box") }
  let (own, next) = unsafe takeTurn(argument)
  unsafe fl_coroutine_switch(own, next)
}

/// Runs a body to its end, and says from where to switch to whom.
@inline(never)
private func takeTurn(_ argument: UnsafeMutableRawPointer) -> (OpaquePointer, OpaquePointer) {
  // Safety: the coroutine owns the box, and whoever switched here keeps the coroutine.
  let box = unsafe Unmanaged<CoroutineBox>.fromOpaque(argument).takeUnretainedValue()
  guard let coroutine = box.coroutine else { preconditionFailure("a coroutine that is gone") }
  coroutine.body?()
  coroutine.body = nil
  guard let whenDone = coroutine.whenDone else {
    preconditionFailure("a coroutine without a place to go")
  }
  // Before the call, which may hand the coroutine its next body.
  coroutine.whenDone = nil
  let next = whenDone()
  return unsafe (coroutine.handle, next.handle)
}
