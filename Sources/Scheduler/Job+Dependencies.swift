public import Fences
public import Kernel
internal import Machine
public import Reservations

extension Job {
  /// Makes the job wait for a fence (`drm_sched_job_add_dependency`).
  ///
  /// Of two fences of one context only the later one is kept.
  ///
  /// - Parameter fence: Its reference is taken over, whatever happens; nil adds nothing.
  /// - Precondition: The job is not armed.
  /// - Throws: `noMemory`.
  public func addDependency(_ fence: Fence?) throws(Errno) {
    guard let fence else { return }
    var next = storage.record.firstDependency.value
    var last: Object<JobDependency>?
    while let known = next {
      guard let other = known.record.fence.value else { break }
      if other.context == fence.context {
        let isLater = fence.isLater(than: other)
        if isLater { known.record.fence.value = fence }
        (isLater ? other : fence).put()
        return
      }
      last = known
      next = known.record.next.value
    }
    guard let new = Machine.tryAllocate(JobDependency(fence, next: nil)) else {
      fence.put()
      throw .noMemory
    }
    if let last {
      last.record.next.value = new
    } else {
      storage.record.firstDependency.value = new
    }
  }

  /// Makes the job wait for what a reservation holds (`drm_sched_job_add_resv_dependencies`).
  ///
  /// Fences that are over come too: no driver is asked. After an error some are added.
  ///
  /// - Precondition: The reservation's lock is held, so that nothing is added meanwhile.
  /// - Throws: `noMemory`.
  public func addDependencies(
    of reservation: Reservation, upTo usage: ReservationUsage
  ) throws(Errno) {
    for (fence, _) in reservation.lockedFences(upTo: usage) { try addDependency(fence.get()) }
  }

  /// Makes the job wait as a reader or a writer of a buffer must without being told
  /// (`drm_sched_job_add_implicit_dependencies`).
  ///
  /// - Precondition: The reservation's lock is held.
  /// - Throws: `noMemory`.
  public func addImplicitDependencies(of buffer: Buffer, writes: Bool) throws(Errno) {
    try addDependencies(of: buffer.reservation, upTo: .waitedFor(byWriter: writes))
  }

  /// How many fences the job waits for, for tests and reports.
  ///
  /// - Precondition: The job is not pushed.
  public var dependencyCount: Int {
    var count = 0
    var next = storage.record.firstDependency.value
    while let known = next {
      count += 1
      next = known.record.next.value
    }
    return count
  }

  /// Goes back to the first dependency.
  func restartDependencies() {
    storage.record.nextDependency.value = storage.record.firstDependency.value
  }

  /// The next fence to wait for, with a reference.
  ///
  /// The job keeps its own until the end: whoever kills it waits for all of them again, because a
  /// job that does not run does not keep the device's order either.
  func nextDependency() -> Fence? {
    guard let next = storage.record.nextDependency.value else { return nil }
    storage.record.nextDependency.value = next.record.next.value
    return next.record.fence.value?.get()
  }

  /// Gives all dependencies back.
  func dropDependencies() {
    while let first = storage.record.firstDependency.value {
      storage.record.firstDependency.value = first.record.next.value
      first.record.fence.value?.put()
      Machine.free(first)
    }
  }
}
