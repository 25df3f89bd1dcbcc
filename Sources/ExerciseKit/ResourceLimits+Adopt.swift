internal import CConfinement
internal import Glibc

extension ResourceLimits {
  /// Gives up, for good, what is beyond the limits and what no scenario needs.
  func adopt() {
    fl_end_with_parent()
    fl_report_stack_overflow()
    alarm(wallSeconds)
    lower(RLIMIT_CORE, to: 0)
    // The kernel warns at the first number and kills at the second.
    lower(RLIMIT_CPU, to: cpuSeconds, then: cpuSeconds + 1)
    lower(RLIMIT_AS, to: memoryBytes)
    lower(RLIMIT_FSIZE, to: fileBytes)
    // Root is not bound by this one; the filter below binds everybody.
    lower(__RLIMIT_NPROC, to: 0)
    // A kernel without filters leaves the other limits in place; `Limits.md` says what that means.
    _ = fl_confine_system_calls()
  }

  private func lower(_ resource: __rlimit_resource, to soft: UInt64, then hard: UInt64? = nil) {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    // Safety: both calls only use the structure for the time of the call.
    unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    limit.rlim_max = min(limit.rlim_max, rlim_t(hard ?? soft))
    limit.rlim_cur = min(limit.rlim_max, rlim_t(soft))
    let status = unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    precondition(status == 0, "a limit could not be lowered")
  }
}

/// Lines that the child leaves on standard error before it is ended.
package enum Confession {
  /// Begins the line about a refused system call.
  package static let refused = FL_CONFINED_MARK
  /// The line about a stack overflow.
  package static let overflow = FL_OVERFLOW_MARK
}
