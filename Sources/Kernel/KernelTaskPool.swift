internal import Machine

/// Task records, which are never freed: a stale handle leads to a living record.
enum KernelTaskPool {
  /// One record for each virtual thread.
  ///
  /// Made as a whole, outside any run.
  static let virtual: [KernelTask] = (0..<Limits.virtualTaskCountMax).map { _ in
    make()
  }

  private static let idle = Guarded<[KernelTask]>([])

  /// A record for a native thread that has none.
  static func adopt() -> KernelTask {
    let task = idle.withLock { $0.popLast() } ?? make()
    task.setStateUnordered(.running)
    task.clearSignal()
    return task
  }

  /// Takes back the record of a native thread that ends.
  static func retire(_ task: KernelTask) { idle.withLock { $0.append(task) } }

  private static func make() -> KernelTask {
    KernelTask(storage: Machine.permanent(alignment: 64, KernelTaskStorage()))
  }
}
