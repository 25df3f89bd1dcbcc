internal import Glibc

extension ResourceLimits {
  /// Gives up, for good, what is beyond the limits.
  func adopt() {
    lower(RLIMIT_CORE, to: 0)
    lower(RLIMIT_CPU, to: cpuSeconds)
    lower(RLIMIT_AS, to: memoryBytes)
    lower(RLIMIT_FSIZE, to: fileBytes)
  }

  private func lower(_ resource: __rlimit_resource, to ceiling: UInt64) {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    // Safety: both calls only use the structure for the time of the call.
    unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    limit.rlim_max = min(limit.rlim_max, rlim_t(ceiling))
    limit.rlim_cur = limit.rlim_max
    let status = unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    precondition(status == 0, "a limit could not be lowered")
  }
}
