public import Kernel
internal import Machine

/// The locks of several buffers, taken together in any order: the kernel's `struct drm_exec`.
///
/// Whoever would deadlock is told so, gives everything back, takes the contended lock first and
/// begins again; hence the loop:
///
/// ```swift
/// var locks = ReservationLocks()
/// while locks.needsAnotherTurn() {
///   do throws(Errno) {
///     try locks.prepare(one, slots: 1)
///     try locks.prepare(other, slots: 1)
///   } catch {
///     if locks.mustRetry { continue }
///     locks.finish()
///     throw error
///   }
/// }
/// // … with every lock held …
/// locks.finish()
/// ```
///
/// It keeps a reference to every buffer it has locked.
public struct ReservationLocks: ~Copyable {
  /// How locks are taken.
  @frozen public struct Options: OptionSet, Sendable {
    /// The kernel's number.
    public let rawValue: UInt32

    /// Makes a set of its number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A signal ends the wait for a lock (`DRM_EXEC_INTERRUPTIBLE_WAIT`).
    public static let interruptible = Options(rawValue: 1)
    /// A buffer that is locked already is locked again without error
    /// (`DRM_EXEC_IGNORE_DUPLICATES`).
    public static let ignoringDuplicates = Options(rawValue: 2)
  }

  private let options: Options
  private var context: Object<AcquireContext>?
  private var locked: [Buffer] = []
  /// What the context had to give way for.
  private var contended: Buffer?
  /// What was locked first in this turn, out of the order the caller asks in.
  private var early: Buffer?

  /// Nothing locked yet (`drm_exec_init`).
  public init(_ options: Options = []) { self.options = options }

  /// Whether the locks must be taken, or taken anew (`drm_exec_until_all_locked`).
  ///
  /// The first answer is true. After a turn without a refusal the answer is false, and no other
  /// lock may be asked for.
  public mutating func needsAnotherTurn() -> Bool {
    guard let context else {
      context = AcquireContext.make(of: Reservation.family)
      return true
    }
    guard contended != nil else {
      context.record.complete()
      return false
    }
    giveAllBack()
    return true
  }

  /// Whether a lock was refused, so that the turn must end (`drm_exec_retry_on_contention`).
  public var mustRetry: Bool { contended != nil }

  /// Takes a buffer's lock (`drm_exec_lock_obj`).
  ///
  /// - Throws: `deadlock` where everything must be given back, which ``needsAnotherTurn()`` does;
  ///   `already` for a duplicate that is not ignored; `interrupted`.
  public mutating func lock(_ buffer: Buffer) throws(Errno) {
    guard let context else { preconditionFailure("locks are taken inside the loop") }
    try lockContended(context)
    if early == buffer {
      early = nil
      return
    }
    do throws(Errno) {
      try buffer.reservation.lock(context, interruptible: options.contains(.interruptible))
    } catch {
      switch error {
      case .deadlock: contended = buffer.get()
      case .already where options.contains(.ignoringDuplicates): return
      default: break
      }
      throw error
    }
    locked.append(buffer.get())
  }

  /// Takes a buffer's lock and reserves slots (`drm_exec_prepare_obj`).
  ///
  /// - Throws: What ``lock(_:)`` throws; what ``Reservation/reserve(_:)`` throws, also for no slot
  ///   at all, and then the buffer is not locked.
  public mutating func prepare(_ buffer: Buffer, slots: Int) throws(Errno) {
    try lock(buffer)
    do throws(Errno) {
      try buffer.reservation.reserve(slots)
    } catch {
      unlock(buffer)
      throw error
    }
  }

  /// Takes the locks of several buffers and reserves slots in each (`drm_exec_prepare_array`).
  public mutating func prepare(_ buffers: [Buffer], slots: Int) throws(Errno) {
    for buffer in buffers { try prepare(buffer, slots: slots) }
  }

  /// Gives one lock back (`drm_exec_unlock_obj`).
  public mutating func unlock(_ buffer: Buffer) {
    guard let index = locked.lastIndex(of: buffer) else { return }
    locked.remove(at: index)
    buffer.reservation.unlock()
    buffer.put()
  }

  /// The buffers that are locked, in the order in which they were.
  public var lockedBuffers: [Buffer] { locked }

  /// Gives everything back (`drm_exec_fini`).
  ///
  /// Legal at any time, also in the middle of a turn.
  public mutating func finish() {
    giveAllBack()
    contended?.put()
    contended = nil
    guard let context else { return }
    context.record.finish()
    Machine.free(context)
    self.context = nil
  }

  private mutating func giveAllBack() {
    early = nil
    while let buffer = locked.popLast() {
      buffer.reservation.unlock()
      buffer.put()
    }
  }

  /// Begins a turn with what the last one ended at.
  private mutating func lockContended(_ context: Object<AcquireContext>) throws(Errno) {
    guard let buffer = contended else { return }
    contended = nil
    do throws(Errno) {
      try buffer.reservation.lockSlowly(
        context, interruptible: options.contains(.interruptible))
    } catch {
      buffer.put()
      throw error
    }
    locked.append(buffer)
    early = buffer
  }
}
